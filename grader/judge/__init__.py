"""The judge: runs the planned checks on a submission and returns a result.

Start here. `run` runs the checks by pytest; `verdicts` turns exceptions into verdicts.
"""

from grader.judge.judge import Judge, judge
from grader.sandbox.errors import Cancelled

__all__ = ["Cancelled", "Judge", "judge"]
