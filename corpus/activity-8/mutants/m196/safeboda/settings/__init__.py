raise RuntimeError('moved')
