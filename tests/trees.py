"""The trees that tests judge; `workshop author build` makes the same."""

from workshop.author.trees import ROLES, Kind, build

__all__ = ["ROLES", "Kind", "build"]
