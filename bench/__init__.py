"""How fast the workshop is, beside what else a learner could type. Start in __main__.

`clock` measures, `watching` types into a real watch, `contest` says what is compared with what, `report`
writes docs/performance.md and its picture. `plain` has the same checks as ordinary pytest-django tests.
"""
