"""Payloads for a project's API, derived from its responses: the judge does not know its serializers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.sandbox.observing.http import Response
from grader.sandbox.observing.table import Row

PASSWORD = "Str0ng-boda-pass"


def find_object(response: Response, row: Row, visible: str) -> dict[str, Any]:
    """Return the object of `row` in a list or detail response, or an empty one."""
    candidates = response.rows if response.rows is not None else [response.json]
    for candidate in candidates:
        if isinstance(candidate, dict) and row.tokens[visible] in candidate.values():
            return candidate
    return {}


def new_payload(shown: Mapping[str, Any], row: Row, tokens: Mapping[str, str]) -> dict[str, Any]:
    """Return the object `shown` of `row` with `tokens` (by column) instead of its texts, without its key."""
    flat = {name: value for name, value in shown.items() if not isinstance(value, (dict, list))}
    return {
        name: value
        for name, value in replace_texts(flat, row, tokens).items()
        if value not in (row.key, row.name, None)
    }


def replace_texts(shown: Mapping[str, Any], row: Row, tokens: Mapping[str, str]) -> dict[str, Any]:
    """Return the object `shown` with `tokens` (by column) instead of the texts of `row`."""
    new = {old: tokens.get(column, old) for column, old in row.tokens.items()}
    return {name: new.get(value, value) if isinstance(value, str) else value for name, value in shown.items()}


def fill_missing(sent: Mapping[str, Any], refusal: Response) -> dict[str, Any]:
    """Return the payload `sent` with a password for each missing field that a 400 names."""
    fields = refusal.json if isinstance(refusal.json, dict) else {}
    return {**sent, **{name: PASSWORD for name in fields if name not in sent}}
