"""Re-check on save.

Start here. `loop` decides, `run` is what happens in the process that judges, `runs` orders and stops runs
there, `changes` tells what was saved, `keys` what was pressed, `page` is what is on the screen.
"""
