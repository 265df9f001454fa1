"""The `workshop` command."""

from __future__ import annotations


def main() -> None:
    """Run what was typed, and leave with the exit status of grader.errors.ExitStatus."""
    from workshop.cli.app import run

    run()


if __name__ == "__main__":
    main()
