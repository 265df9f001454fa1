"""Faults that the load test of Activity 6 is about."""

from __future__ import annotations

from collections.abc import Mapping

from tests.projects.control import Change, Control
from tests.trees import Kind

SCRIPT = "test_cache_performance.py"

_ASKS = "requests.get(URL, params=question, timeout=10).raise_for_status()"
_UNCHECKED = Change(SCRIPT, _ASKS, "requests.get(URL, params=question, timeout=10)")
_GUARDED = 'if __name__ == "__main__":\n    main()\n'
_PRINTS = (
    '        print(f"{name}: median {median:.4f}s, fastest {fastest:.4f}s, slowest {slowest:.4f}s '
    '({len(times)})")\n'
)
_COLD = "seconds(run=run, sample=number) for number"
_WARM = "warm = [seconds() for _ in range(SAMPLES)]"


def _loaded(
    changes: tuple[Change, ...],
    fails: Mapping[str, str],
    *passes: str,
    options: Mapping[str, Mapping[str, str]] | None = None,
) -> Control:
    return Control(Kind.REFERENCE, changes, fails, passes, upto=6, options=options or {})


LOAD: dict[str, Control] = {
    "no script": _loaded((), {"P0": "no_script"}, options={"P0": {"load_test": "nothing.py"}}),
    "the script crashes": _loaded(
        (Change(SCRIPT, _GUARDED, f"{_GUARDED}    raise SystemExit('oh')\n"),), {"P0": "crashed"}
    ),
    "a package that nobody declared": _loaded(
        (Change(SCRIPT, "import requests\n", "import no_such_package\nimport requests\n"),),
        {"P0": "undeclared"},
    ),
    "nobody calls it": _loaded((Change(SCRIPT, _GUARDED, ""),), {"P0": "asks_nothing"}),
    "another address": _loaded(
        (_UNCHECKED, Change(SCRIPT, "/api/users/", "/api/nobody/")), {"P0": "no_page"}
    ),
    "nothing is printed": _loaded(
        (Change(SCRIPT, _PRINTS, ""), Change(SCRIPT, '    print(f"speedup', '    str(f"speedup')),
        {"P0": "no_timings"},
    ),
    "m65: no status is looked at": _loaded((_UNCHECKED,), {"P1": "error_is_fine"}, "P0", "P2", "P3", "P4"),
    "a failure is printed and forgotten": _loaded(
        (Change(SCRIPT, 'sys.exit(f"The', 'return print(f"The'),), {"P1": "down_is_fine"}, "P0", "P3", "P4"
    ),
    "m66: one sample": _loaded(
        (Change(SCRIPT, "SAMPLES = 20", "SAMPLES = 1"), Change(SCRIPT, "WARM_UP = 3", "WARM_UP = 0")),
        {"P2": "few"},
        "P0",
        "P1",
        "P3",
    ),
    "a mean": _loaded(
        (Change(SCRIPT, _PRINTS, '        print(f"{name}: {statistics.mean(times):.4f}s")\n'),),
        {"P2": "mean"},
        "P0",
        "P3",
    ),
    "cold is warm": _loaded(
        (Change(SCRIPT, _COLD, "seconds() for number"),), {"P3": "never_cold"}, "P0", "P2"
    ),
    "a page without users": _loaded(
        (Change(SCRIPT, "/api/users/", "/api/"),), {"P3": "other_page"}, "P0", "P2"
    ),
    "cold once": _loaded(
        (Change(SCRIPT, _COLD, "seconds(run=run) for number"),), {"P3": "once_cold"}, "P0", "P2"
    ),
    "warm is cold": _loaded(
        (Change(SCRIPT, _WARM, "warm = [seconds(run=run, late=n) for n in range(SAMPLES)]"),),
        {"P3": "never_warm"},
        "P0",
        "P2",
    ),
    "an import goes to work": _loaded((Change(SCRIPT, _GUARDED, "main()\n"),), {"P4": "asks"}, "P0", "P3"),
    "an import ends the process": _loaded(
        (Change(SCRIPT, _GUARDED, f"{_GUARDED}else:\n    sys.exit(3)\n"),), {"P4": "ends"}, "P0", "P3"
    ),
}
