"""The `workshop` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run what was typed, and leave with the exit status of grader.errors.ExitStatus."""
    from workshop.cli.quick import quick

    status = quick(sys.argv[1:])
    if status is not None:
        sys.exit(status)
    from workshop.cli.app import run

    run()


if __name__ == "__main__":
    main()
