"""docs/performance.md and its picture, from what was measured."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from bench.clock import Took
from bench.contest import ACTIVITY, LIGHT, NAME, Taken, plan

HEAD = """# How fast it is

Written by `make bench`. Medians of {rounds} rounds, in which everything below ran one after the other, so
that a slow moment of the machine meets all alike. **C** is one `manage.py check` of the same project.
Absolute times differ from machine to machine: look at the ratios.

The project is the reference solution of Activity {activity}; `workshop check {activity}` judges it by
{checks} checks. The plain tests (`bench/plain`) are these same {checks} checks as one would write them with
pytest-django: one process, the fast password hasher, the same server, the usual assertions. They look at the
code from inside, need to know its URLs, and cannot see a race or a second process.

Processor time is the kernel's count for a control group: that of every process that was started, in the jail
too, with the Redis server. Everything has run before, so what Python compiles is compiled. {counted}

{machine}
"""

TARGETS: dict[str, tuple[str, str, float]] = {
    NAME.warm: ("all verdicts again, on the screen", NAME.check, 1.2),
    NAME.changed: ("all verdicts after a save, on the screen", NAME.check, 1.5),
    NAME.changed_first: ("first verdict after a save, on the screen", NAME.check, 0.6),
    NAME.cold: ("`workshop check`, cold, migrated database kept", NAME.check, 3.0),
    NAME.jailed: ("the jail, against none", NAME.free, 1.05),
    NAME.help: ("`workshop --help`", NAME.empty, 1.3),
    NAME.hint: ("`workshop hint`", NAME.empty, 1.3),
    NAME.progress: ("`workshop progress`", NAME.empty, 1.3),
}
"""What is promised: in words, against what, and at most how many times as long."""


def write(taken: Taken, folder: Path) -> None:
    """Write performance.md and performance.png into `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "performance.md").write_text(text(taken), encoding="utf-8")
    _draw(taken, folder / "performance.png")


def text(taken: Taken) -> str:
    """performance.md."""
    counted = "" if taken[NAME.check][0].cpu is not None else "This machine grants none, so it is left out."
    head = HEAD.format(
        rounds=len(taken[NAME.check]),
        activity=ACTIVITY,
        checks=len(plan().checks),
        counted=counted,
        machine=_machine(),
    )
    faster = wall(taken, NAME.pytest) / wall(taken, NAME.warm)
    parts = [
        head,
        "![Wall and processor time](performance.png)\n",
        "## Everything\n\n" + _everything(taken),
        "## What is promised\n\n" + _promised(taken),
        f"A warm re-check is {faster:.1f} times as fast as the pytest process{_cpu_sentence(taken)}. "
        "At least 2 times is promised.\n",
    ]
    return "\n".join(parts)


def wall(taken: Taken, name: str) -> float:
    """The median wall time, in milliseconds."""
    return statistics.median(each.wall for each in taken[name])


def cpu(taken: Taken, name: str) -> float | None:
    """The median processor time, in milliseconds, if it was counted."""
    counted = [each.cpu for each in taken[name] if each.cpu is not None]
    return statistics.median(counted) if counted else None


def _everything(taken: Taken) -> str:
    rows = [("what", "wall, ms", "quarter to three quarters", "in C", "processor, ms", "in C")]
    base, base_cpu = wall(taken, NAME.check), cpu(taken, NAME.check)
    for name, took in taken.items():
        own = cpu(taken, name)
        rows.append(
            (
                name,
                f"{wall(taken, name):.0f}",
                _spread(took),
                f"{wall(taken, name) / base:.2f}",
                "-" if own is None else f"{own:.0f}",
                "-" if own is None or not base_cpu else f"{own / base_cpu:.2f}",
            )
        )
    return _table(rows)


def _promised(taken: Taken) -> str:
    rows = [("what", "against", "promised at most", "measured", "")]
    for name, (words, against, most) in TARGETS.items():
        if name in taken and against in taken:
            ratio = wall(taken, name) / wall(taken, against)
            rows.append((words, against, f"{most:g}", f"{ratio:.2f}", "kept" if ratio <= most else "missed"))
    return _table(rows)


def _spread(took: Sequence[Took]) -> str:
    if len(took) < 2:
        return "-"
    low, _, high = statistics.quantiles([each.wall for each in took], n=4)
    return f"{low:.0f} to {high:.0f}"


def _cpu_sentence(taken: Taken) -> str:
    ours, theirs = cpu(taken, NAME.warm), cpu(taken, NAME.pytest)
    return f", and takes {ours / theirs:.2f} times its processor time" if ours and theirs else ""


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body, ""])


def _machine() -> str:
    packages = ("django", "djangorestframework", "django-redis", "redis", "pytest", "pytest-django")
    versions = ", ".join(f"{name} {version}" for name in packages if (version := _version(name)))
    load = f"{os.getloadavg()[0]:.1f}"
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, load {load} when it ended;\n"
        f"Python {python}, {versions}."
    )


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _draw(taken: Taken, file: Path) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    names = [name for name in taken if name not in LIGHT][::-1]
    base = wall(taken, NAME.check)
    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(names) + 1.2), layout="constrained")
    places = range(len(names))
    bars = axes.barh([at + 0.2 for at in places], [wall(taken, n) / base for n in names], 0.38)
    axes.bar_label(bars, [f"{wall(taken, n):.0f} ms" for n in names], padding=3, fontsize=8)
    base_cpu = cpu(taken, NAME.check)
    if base_cpu:
        used = [(cpu(taken, n) or 0.0) / base_cpu for n in names]
        axes.barh([at - 0.2 for at in places], used, 0.38, color="0.75")
    axes.set_yticks(list(places), names)
    axes.axvline(1, color="black", linewidth=0.8, linestyle=":")
    axes.set_xlabel("in C, the time of one `manage.py check`")
    axes.legend(["C", "wall", "processor"] if base_cpu else ["C", "wall"], loc="lower right")
    axes.margins(x=0.12)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)
