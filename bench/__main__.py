"""`python -m bench`: measure everything side by side, and write docs/performance.md."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bench.contest import contest
from bench.report import write

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="how often each is measured (12)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="where the report goes (docs)")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # some machines never keep what they have compiled
    write(contest(given.rounds, lambda text: print(text, file=sys.stderr, flush=True)), given.out)


if __name__ == "__main__":
    main()
