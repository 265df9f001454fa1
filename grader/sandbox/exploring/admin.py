"""Uses the project's Django admin as a person would: reads pages, fills their forms and sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from grader.sandbox.exploring.api import Api, describe_response
from grader.sandbox.exploring.payload import PASSWORD
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.table import USERS, Row, Table
from grader.spec import CheckFailed, not_applicable

FORM = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class _Form(HTMLParser):
    """The fields of the forms of a page, with the values that a browser would send."""

    fields: dict[str, str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    _select: str = ""
    _area: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self._select = "" if "multiple" in given else name
            self._keep(name, given, "select")
        elif tag == "option" and self._select:
            empty = not self.fields.get(self._select)  # a person replaces an empty first option if required
            if (
                "selected" in given
                or self._select not in self.fields
                or (empty and self._select in self.required)
            ):
                self.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
            self._keep(name, given, "text")
        elif tag == "input" and name and kind not in ("submit", "button", "file", "image"):
            if kind in ("checkbox", "radio") and "checked" not in given:
                return
            self._keep(name, given, kind)
            self.fields[name] = given.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.removeprefix("\n")

    def _keep(self, name: str, given: Mapping[str, str], kind: str) -> None:
        self.kinds[name] = kind
        if "required" in given:
            self.required.add(name)


class Admin:
    """The admin pages of one table, for a superuser. Without such a page there is nothing to judge."""

    def __init__(self, api: Api, pages: Mapping[str, str], table: Table, visible: str) -> None:
        self.api = api
        self._pages = pages
        self._table = table
        self._visible = visible

    def showing(self, visible: str) -> Admin:
        """Return the same pages with another visible column."""
        return Admin(self.api, self._pages, self._table, visible)

    def add(self) -> str:
        """Add a row; return the text by which the list should show the row."""
        tokens = self._table.new_tokens()
        user = self._table.users.insert()[0] if self._table.users else None  # the owner of the new row
        form = self._form(self._page("add"))
        for name, kind in form.kinds.items():
            if name in tokens:
                form.fields[name] = tokens[name]
            elif kind == "password":
                form.fields[name] = PASSWORD
            elif name in form.required and not form.fields[name]:
                form.fields[name] = {"number": "1", "email": "someone@example.com"}.get(kind, "x1")
        if user:
            form.fields[self._table.link] = user.name
            tokens |= {USERS + name: text for name, text in user.tokens.items()}
        self._send(self._page("add"), form.fields)
        if user and self._visible.startswith(USERS):
            return tokens[self._visible]
        # An add page may have few fields (e-mail and password); the row then shows the text of one of these.
        shown = self._visible if self._visible in form.fields else next(n for n in tokens if n in form.fields)
        return tokens[shown]

    def change(self, row: Row) -> str:
        """Change the visible text of `row`; return the new text."""
        path = f"{self._page('list')}{row.name}/change/"
        form = self._form(path)
        text = self._table.new_tokens()[self._visible]
        if self._visible not in form.fields:
            not_applicable(f"the admin does not let {self._visible} be changed")
        form.fields[self._visible] = text
        self._send(path, form.fields)
        return text

    def delete_selected(self, row: Row) -> None:
        """Tick `row` in the list and choose "delete selected"."""
        data = {"action": "delete_selected", "_selected_action": row.name, "post": "yes"}
        self._send(self._page("list"), data)

    def _page(self, name: str) -> str:
        if name not in self._pages:
            not_applicable(
                f"the admin does not show {self._table.name}", "Register the model in its app's admin.py."
            )
        return self._pages[name]

    def _form(self, path: str) -> _Form:
        response = self.api.get(path, {"Accept": "text/html"})
        if response.status != 200:
            raise CheckFailed(describe_response("GET", path, response), "server_error", response.where)
        form = _Form()
        form.feed(response.body.decode(errors="replace"))
        form.fields.pop("csrfmiddlewaretoken", None)
        return form

    def _send(self, path: str, fields: Mapping[str, Any]) -> Response:
        response = self.api.request("POST", path, urlencode(fields), headers=FORM)
        if response.status != 302:  # the admin shows an invalid form again, with status 200
            raise CheckFailed(describe_response("POST", path, response), "server_error", response.where)
        return response
