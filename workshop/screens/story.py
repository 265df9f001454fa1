"""A timeline cut down to the few events that tell how it came to its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from grader.result import Event, Source

MOST = 8
"""Lines of a story."""

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_LOOKS = ("GET", "MGET", "EXISTS", "HGET", "HGETALL", "TTL", "PTTL", "SCAN", "KEYS")
_WORDS = {
    Source.REDIS: {
        **dict.fromkeys(("DEL", "UNLINK", "FLUSHDB", "FLUSHALL"), "the cache is cleared"),
        **dict.fromkeys(("SET", "SETEX", "PSETEX", "HSET"), "stored for the next reader"),
        "KEYS": "looks at every key, and nobody else is served meanwhile",
    },
    Source.DATABASE: {"INSERT": "a new row", "UPDATE": "the row changes", "DELETE": "the row is gone"},
}


class Weight(IntEnum):
    """How much of the story hangs on an event. Beyond `DETAIL` it is left out."""

    TURN = 0
    """Who did what: a write, a note of the check, the last request."""
    CHANGE = 1
    """The cache or the row changed."""
    READER = 2
    """Somebody else read in between."""
    DETAIL = 3
    """What a reader found, and which rows it read."""
    ASIDE = 4


@dataclass(frozen=True, slots=True)
class _Step:
    """A request or a note, and what it led to."""

    head: Event
    rest: tuple[Event, ...]

    @property
    def request(self) -> str:
        """`GET /api/users/`, without who made it and what came of it; empty for a note."""
        words = self.head.text.partition(" → ")[0].removesuffix(" begins")
        _, _, asked = words.rpartition(": ")
        return asked if asked[:1].isupper() and " /" in asked else ""

    @property
    def reads(self) -> bool:
        """Whether this is a GET."""
        return self.request.startswith("GET ")

    def keys(self) -> set[str]:
        """The keys of the Redis commands in this step."""
        return {key for event in self.rest if event.source is Source.REDIS and (key := _second(event))}

    def tables(self, verbs: Sequence[str]) -> set[str]:
        """The tables of the SQL statements in this step that begin with one of `verbs`."""
        words = [event.text.split() for event in self.rest if event.source is Source.DATABASE]
        return {each[1] for each in words if len(each) > 1 and each[0] in verbs}


def story(evidence: Sequence[Event]) -> tuple[Event, ...]:
    """The at most eight events of a timeline that tell why its end came as it did, each with a word on it.

    They are the writes, what changed the key that is answered at the end, whoever read it in between, and
    the last request. Times count from the first.
    """
    steps = _steps(evidence)
    asked = next((step for step in reversed(steps) if step.request), None)
    if asked is None:
        weighed = [(_alone(event), event) for event in evidence]
    else:
        weighed = [(weight, event) for step in steps for weight, event in _weigh(step, asked, steps)]
    kept = [each for each in weighed if each[0] <= Weight.DETAIL]
    while len(kept) > MOST:
        heaviest = max(weight for weight, _ in kept)
        kept.remove(next(each for each in kept if each[0] == heaviest))
    return _from_zero([event for _, event in kept])


def _steps(evidence: Sequence[Event]) -> list[_Step]:
    starts = [at for at, event in enumerate(evidence) if at == 0 or event.source is Source.JUDGE]
    return [
        _Step(evidence[start], tuple(evidence[start + 1 : end]))
        for start, end in zip(starts, [*starts[1:], len(evidence)], strict=False)
    ]


def _weigh(step: _Step, asked: _Step, steps: Sequence[_Step]) -> Iterator[tuple[Weight, Event]]:
    """How much each event of `step` matters to the answer to `asked`."""
    keys = asked.keys()
    touches = bool(keys & step.keys()) or (not keys and step.request == asked.request)
    last = step is asked
    if last or not step.reads:
        yield Weight.TURN, step.head
    else:
        yield (Weight.READER if touches else Weight.ASIDE), step.head
    # Rows that a reader of the key was shown, and not the log that the admin keeps beside them.
    shown = {table for each in steps if keys & each.keys() for table in each.tables(("SELECT",))}
    for event in step.rest:
        verb, object_ = event.text.partition(" ")[0], _second(event)
        if event.source is Source.REDIS and (not keys or _second(event) in keys):
            in_between = Weight.DETAIL if verb in _LOOKS else Weight.CHANGE
            yield (Weight.TURN if last else in_between), event
        elif event.source is Source.REDIS and not step.reads and verb not in _LOOKS:
            yield Weight.DETAIL, event  # another key was cleared
        elif event.source is Source.DATABASE and verb in _WRITES and (not shown or object_ in shown):
            yield Weight.CHANGE, event
        elif event.source is Source.DATABASE and step.reads and touches and object_ in shown:
            yield Weight.DETAIL, event
        else:
            yield Weight.ASIDE, event


def _alone(event: Event) -> Weight:
    """How much an event matters where nothing is asked of the site: in a shell, or a command."""
    if event.source not in (Source.REDIS, Source.DATABASE):
        return Weight.TURN
    verb = event.text.partition(" ")[0]
    return Weight.CHANGE if verb in _WRITES or verb not in (*_LOOKS, "SELECT") else Weight.DETAIL


def _second(event: Event) -> str:
    """The key of a command, the table of a statement."""
    words = event.text.split()
    return words[1] if len(words) > 1 else ""


def _from_zero(events: Sequence[Event]) -> tuple[Event, ...]:
    start = events[0].at_ms if events else 0.0
    return tuple(replace(e, at_ms=e.at_ms - start, text=f"{e.text}{_word_on(e)}") for e in events)


def _word_on(event: Event) -> str:
    verb = event.text.partition(" ")[0]
    if event.source is Source.REDIS and event.text.endswith(" hit"):
        return " · answered from the cache"
    if event.source is Source.REDIS and verb in ("DEL", "UNLINK") and event.text.endswith(" 0"):
        return " · there was nothing to clear"
    word = _WORDS.get(event.source, {}).get(verb)
    return f" · {word}" if word else ""
