"""The `workshop` command."""

from __future__ import annotations

from workshop.cli.app import run


def main() -> None:
    """Run what was typed, and leave with the exit status of grader.errors.ExitStatus."""
    run()


if __name__ == "__main__":
    main()
