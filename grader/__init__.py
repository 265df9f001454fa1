"""The judge: runs a learner's Django project beside a private Redis and grades what it does.

Knows nothing of `workshop/`. Start reading at `grader.judge`.
"""
