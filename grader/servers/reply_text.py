"""The text of a reply, in the form of redis-cli: `(integer) 1`, `(nil)`, `1) "a"`."""

from __future__ import annotations

from collections.abc import Iterator

from grader.servers.exchange_text import printable, size
from grader.servers.resp import Reply, ReplyError, Status

VALUE_LIMIT = 1000
"""Most characters shown of one value."""
LINE_LIMIT = 500


def reply_lines(reply: Reply) -> list[str]:
    """Return the lines of a reply, escaped and of limited length and number.

    A text of several lines, such as the reply to INFO, keeps its lines.
    """
    if isinstance(reply, bytes) and reply.count(b"\r\n") > 1:
        lines = [printable(line, VALUE_LIMIT) for line in reply.decode(errors="replace").splitlines()]
    else:
        lines = list(_lines(reply))
    if len(lines) > LINE_LIMIT:
        lines[LINE_LIMIT:] = [f"… {len(lines) - LINE_LIMIT} more lines"]
    return lines


def _lines(reply: Reply) -> Iterator[str]:
    if isinstance(reply, list) and reply:
        width = len(str(len(reply)))
        for number, item in enumerate(reply, 1):
            head = f"{number:>{width}}) "
            for line in _lines(item):
                yield head + line
                head = " " * len(head)
    else:
        yield _one(reply)


def _one(reply: Reply) -> str:
    match reply:
        case None:
            return "(nil)"
        case bool():
            return f"({str(reply).lower()})"
        case int():
            return f"(integer) {reply}"
        case float():
            return f"(double) {reply}"
        case ReplyError():
            return f"(error) {printable(reply.text, VALUE_LIMIT)}"
        case Status():
            return printable(reply, VALUE_LIMIT)
        case bytes():
            shown = printable(reply.decode(errors="backslashreplace").replace('"', '\\"'), VALUE_LIMIT)
            return f'"{shown}"' + (f" ({size(len(reply))})" if len(reply) > VALUE_LIMIT else "")
        case _:
            return "(empty)"
