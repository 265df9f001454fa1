"""Put projects back to the start of an activity: files, progress, and the workshop's own cached keys."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import ExitStatus, UsageError, WorkshopError
from grader.servers.connect import client_errors_explained, open_client
from grader.servers.resp import Reply
from workshop.actions.project import Notice, Project, opened
from workshop.actions.reset import Reset, plan_reset
from workshop.actions.servers import url_of
from workshop.actions.undo import LOOSE, last_entry
from workshop.course.load import activities, load
from workshop.course.model import Activity

KEYS = b"workshop:check:*"
"""The keys that the workshop itself writes on a learner's server. Narrow: KEY_PREFIX may be "workshop"."""
_SCANS = 1_000
"""Steps of 1,000 keys after which the search for ours ends, so that a huge server holds nobody up."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What became of one project. `sentence` is one line; `status` is what the shell would be told."""

    project: Path
    sentence: str
    remedy: str = ""
    status: ExitStatus = ExitStatus.OK


def chosen(numbers: str, every: bool) -> tuple[Activity, ...] | None:
    """The activities meant by `--activities 4`, `2-5` or `2,4`, or `--all`; None for the one started last.

    Raises UsageError if that cannot be read or there is no such activity.
    """
    if every and numbers:
        raise UsageError("--activities and --all do not go together.", "Leave one of them out.")
    if every:
        return activities()
    if not numbers:
        return None
    found: list[int] = []
    for part in numbers.split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or not (last or first).isdecimal() or len(part) > 7:
            raise UsageError(f"{numbers!r} names no activities.", "Write for example 4, or 2-5, or 2,4.")
        found += range(int(first), int(last or first) + 1)
    return tuple(load(number) for number in sorted(set(found)))


def clear(project: Path, wanted: Sequence[Activity] | None, *, dry_run: bool, notice: Notice) -> Cleared:
    """Put one project back, as one change that `undo` takes back. Never raises a WorkshopError."""
    try:
        with opened(project, notice=notice, alone="workshop instructor reset") as found:
            if wanted is None and found.current is None:
                return Cleared(project, "nothing was started here, so there is nothing to reset.")
            some = wanted or ([found.current] if found.current else [])
            if not {each.id for each in some} & set(found.progress.started()):
                return Cleared(project, "none of these was started here, so there is nothing to reset.")
            planned = plan_reset(found, some)
            return Cleared(project, _words(planned, dry_run, 0 if dry_run else _carry_out(found, planned)))
    except WorkshopError as error:
        return Cleared(project, error.sentence, error.remedy, error.status)


def _carry_out(project: Project, planned: Reset) -> int:
    """Reset files and progress; returns how many keys were removed."""
    first = planned.activities[0]
    files = project.progress.start_files(first.id)
    entry = last_entry(project)
    archive = LOOSE + (entry.id if entry else 0)
    if planned.changes:
        archive = project.journal.apply(planned.changes, planned.why).id
    project.progress.archive([each.id for each in planned.activities], archive)
    project.progress.start(first.id, files)
    removed = 0
    with contextlib.suppress(WorkshopError):  # no server: then there is no key either
        removed = _remove_keys(project.root)
    return removed


def _remove_keys(root: Path) -> int:
    """Remove our own keys, and no other, from the Redis the project uses. Raises WorkshopError."""
    removed = 0
    with client_errors_explained(), open_client(url_of(root), timeout=1.0) as client:
        cursor: Reply = b"0"
        for _ in range(_SCANS):
            reply = client.call(
                "SCAN", cursor if isinstance(cursor, bytes) else b"0", "MATCH", KEYS, "COUNT", 1000
            )
            if not (isinstance(reply, list) and isinstance(names := reply[1], list)):
                break
            ours = [name for name in names if isinstance(name, bytes)]
            if ours:
                count = client.call("DEL", *ours)
                removed += count if isinstance(count, int) else 0
            cursor = reply[0]
            if cursor == b"0":
                break
    return removed


def _words(planned: Reset, dry_run: bool, keys: int) -> str:
    names = ", ".join(each.id for each in planned.activities)
    files = ", ".join(change.path for change in planned.changes) or "no file differs"
    verb = "would go back" if dry_run else "went back"
    text = f"{verb} to the start of {planned.activities[0].id} ({names}; files: {files})."
    return f"{text} {keys} of our keys were removed." if keys else text
