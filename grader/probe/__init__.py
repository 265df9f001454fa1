"""The part of the sandbox that runs inside the learner's interpreter.

Standard library and Django only, Python >= 3.10, and nothing of ours outside this folder: the learner's
interpreter may have none of our packages. It is loaded under a name of its own (see `grader.sandbox.hosting.app_server`),
so that it hides no module of the project. What it reports is feedback, never evidence: the code under test
lives in the same process and can forge it.
"""
