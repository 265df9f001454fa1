"""The passengers: a collection in which each row needs a user of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.payload import PASSWORD, find_object, new_payload, replace_texts
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.table import USERS, Row
from grader.spec import CheckFailed, not_applicable

MOST_TRIES = 8
"""Most requests to find the form in which the API accepts the user."""


@dataclass(frozen=True)
class Passengers(Collection):
    """Passengers as the project's API shows and accepts them.

    An API may accept the user as a primary key, an e-mail address, a URL or an object, under any name. The
    methods try these forms for the fields that a response with status 400 names.
    """

    def create(self) -> str:
        """POST a new passenger for an existing user; return the text by which the list should show it."""
        user = self.new_user()
        like, tokens = self.table.rows[0], self.table.new_tokens()
        before = set(self.table.keys())
        self.expect(self._offer("POST", self.routes.list, like, tokens, user), "POST", self.routes.list)
        made = [Row(key, {}) for key in set(self.table.keys()) - before]
        if not made:
            raise CheckFailed(f"POST {self.routes.list} was answered as done, and no row was made")
        return self.table.get(made[0]) or tokens[self.routes.visible]

    def new_user(self) -> Row:
        """Insert a user without a passenger directly into the database."""
        assert self.table.users is not None
        (user,) = self.table.users.insert()
        return user

    def create_for(self, user: Row) -> Response:
        """POST a new passenger for `user`; return the last response, of any status."""
        return self._offer("POST", self.routes.list, self.table.rows[0], self.table.new_tokens(), user)

    def put(self, row: Row) -> str:
        """PUT `row` with another text; return that text."""
        self._has_a_text()
        assert row.user is not None
        tokens = {self.routes.visible: self.table.new_tokens()[self.routes.visible]}
        self.expect(self._offer("PUT", self.path(row), row, tokens, row.user), "PUT", self.path(row))
        return tokens[self.routes.visible]

    def patch(self, row: Row) -> str:
        """PATCH `row` with another text; return that text."""
        self._has_a_text()
        return super().patch(row)

    def _has_a_text(self) -> None:
        if self.routes.visible.startswith(USERS):
            not_applicable("the answers show no text of the passenger's own that a write could change")

    def _offer(self, method: str, path: str, row: Row, tokens: dict[str, str], user: Row) -> Response:
        """Send the payload of `row` with `tokens` and `user`, in other forms while the status is 400."""
        example = find_object(self.list() if method == "POST" else self.detail(row), row, self.routes.visible)
        forms: dict[str, Iterator[Any]] = {}
        link, named = self.table.link, user.named or user.key
        body = {**new_payload(example, row, tokens), link: named, f"{link}_id": named}
        response = self.api.request(method, path, body)
        for _ in range(MOST_TRIES):
            refused = response.json if response.status == 400 and isinstance(response.json, dict) else {}
            if not refused:
                break
            for name in refused:
                about_user = link in name or "user" in name or isinstance(example.get(name), dict)
                other = self._forms(example.get(name), row, tokens, user) if about_user else iter([PASSWORD])
                value = next(forms.setdefault(name, other), None)
                if value is None:
                    return response  # the API refused every form
                body[name] = value
            response = self.api.request(method, path, body)
        return response

    def _forms(self, shown: Any, row: Row, tokens: dict[str, str], user: Row) -> Iterator[Any]:
        """The forms of `user`: primary key, object, e-mail address, URL; at last an object of a new user."""
        yield user.named or user.key
        if isinstance(shown, dict):
            yield replace_texts(shown, row, tokens)
        for column, text in user.tokens.items():
            if "mail" in column:
                yield text
        if isinstance(shown, str) and "/" in shown and row.user:
            yield shown.replace(f"/{row.user.name}/", f"/{user.name}/")
        fresh = {name.removeprefix(USERS): text for name, text in tokens.items() if name.startswith(USERS)}
        if fresh:
            yield fresh
