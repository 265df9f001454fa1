"""The end of a run from outside."""

from __future__ import annotations


class Cancelled(Exception):
    """The run was ended from outside, so there is no result."""
