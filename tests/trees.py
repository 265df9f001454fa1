"""The trees that tests judge; `workshop author build` makes the same."""

from workshop.author.trees import Kind, build

__all__ = ["Kind", "build"]
