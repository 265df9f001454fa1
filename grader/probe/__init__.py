"""The part of the sandbox that runs inside the learner's interpreter.

The probe uses the standard library and Django only, on Python 3.10 or newer: the learner's interpreter may
have none of our packages. It is loaded under a name of its own (see `grader.sandbox.hosting.zygote`), so that
it hides no module of the project. What the probe reports is feedback, never evidence: the code under test
lives in the same process and can forge the report.
"""
