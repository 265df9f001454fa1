"""Keys as they are pressed, without Enter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from prompt_toolkit.input import create_input

INTERRUPT = "c-c"
END = "c-d"


@contextmanager
def keys(stdin: TextIO, press: Callable[[str], None]) -> Iterator[None]:
    """Call `press` with each key typed into the terminal `stdin`, in the running event loop.

    A letter comes as itself, others by name, such as `c-c`. The terminal is put back afterwards. If it is
    closed, that is END.
    """
    source = create_input(stdin)

    def ready() -> None:
        for each in source.read_keys():
            press(str(getattr(each.key, "value", each.key)))
        if source.closed:
            press(END)

    with source.raw_mode(), source.attach(ready):
        yield
