"""JSON from outside is taken as it is, or refused in one way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.probe.decoding import MAX_DEPTH, Malformed, decode

WHOLE = st.integers(-(2**62), 2**62)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(TEXT, parts, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_what_is_json_is_taken_as_it_is(value: Any, ascii_only: bool) -> None:
    assert decode(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "nul", "1e999", "-1e999", "NaN", "Infinity", "9" * 20, "-" + "9" * 20, "9" * 5000,
        '"\\ud800"',
        '{"\\udfff": 1}', "[" * 60_000, "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), '{"a":' * 60_000,
        b"\xff", b'"\xed\xa0\x80"',
    ],
)  # fmt: skip
def test_what_is_none_or_goes_too_far_is_refused(text: str | bytes) -> None:
    with pytest.raises(Malformed):
        decode(text)


def test_a_whole_pair_of_surrogates_is_a_character() -> None:
    assert decode('"\\ud83d\\ude00"') == "\U0001f600"


def test_a_text_that_is_too_long_is_not_even_read() -> None:
    with pytest.raises(Malformed, match="too long"):
        decode(b"1" * 11, most=10)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_text_raises_anything_else(text: bytes | str) -> None:
    try:
        value = decode(text)
    except Malformed:
        return
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
