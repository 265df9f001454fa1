"""Re-check on save.

Start here. `loop` decides, `run` is what happens in the process of one run, `runs` starts and stops such
processes, `changes` tells what was saved, `keys` what was pressed, `page` is what is on the screen.
"""
