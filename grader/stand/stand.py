"""What a check holds: one process of the project with a database of its own, and the story so far."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from grader.stand import trouble
from grader.stand.host import Host
from grader.stand.process import Child
from grader.stand.timeline import Timeline


class Stand:
    """A context manager: opens a process on a fresh database and an emptied private server."""

    def __init__(self, host: Host, overrides: Mapping[str, Any] | None = None) -> None:
        self.host = host
        self._overrides = overrides
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        self.host.proxy.up()
        self.child, self.path = self.host.open(self._overrides)
        self._children.append(self.child)
        self.timeline = Timeline(*self.host.proxies)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.close()
        self.path.unlink(missing_ok=True)

    def another(self) -> Child:
        """One more process of the project, on the same database: a second worker."""
        self._children.append(self.host.another(self.path))
        return self._children[-1]

    def shell(self) -> Child:
        """A process on the same database that has not loaded the URLs, as `manage.py shell` has not."""
        self._children.append(self.host.shell(self.path))
        return self._children[-1]

    def written(self) -> int:
        """The bytes in all files below the project's folder: more than before if it wrote to one."""
        return self.host.written()

    def run(self, code: str, child: Child | None = None, says: str = "") -> Any:
        """Run Python in a process of the project, as in `manage.py shell`; what it bound to `value`.

        The timeline has what it `says`, by default its last line. The value is feedback, never evidence.
        Raises StandTrouble if the code raised.
        """
        self.timeline.note(f"shell: {says or code.splitlines()[-1]}")
        reply = (child or self.child).ask("run", "the shell ran", code=code)
        if not reply.get("ok"):
            raise trouble.shell_failed(code, reply.get("error") or {})
        return reply.get("value")

    def command(self, *words: str, child: Child | None = None) -> str:
        """Run a management command in a process of the project; its output. Raises StandTrouble."""
        self.timeline.note(f"manage.py {' '.join(words)}")
        reply = (child or self.child).ask("command", f"manage.py {words[0]} ran", argv=words, timeout=60.0)
        if not reply.get("ok"):
            raise trouble.shell_failed(f"manage.py {' '.join(words)}", reply.get("error") or {})
        return str(reply.get("value", ""))

    def refused(self) -> list[str]:
        """The addresses other than the private server's that the project tried to reach.

        In the jail a call to the usual address of Redis is seen from outside; the rest the project tells.
        """
        value = self.child.ask("refused", "it was asked which addresses it dialled").get("value")
        told = [str(address) for address in value] if isinstance(value, list) else []
        return [*(["127.0.0.1:6379"] if self.host.proxy.strays else []), *told]
