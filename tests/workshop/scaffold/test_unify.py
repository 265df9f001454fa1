from __future__ import annotations

import pytest

from workshop.scaffold.unify import Binding, Match, Mismatch, recover, unify


def bindings(template: str, other: str) -> list[tuple[int, str]]:
    found = unify(template, other)
    assert isinstance(found, Match), found
    return [(binding.line, binding.source) for binding in found.bindings]


@pytest.mark.parametrize(
    ("template", "other", "expected"),
    [
        ("x = ___", "x = 300", [(1, "300")]),
        ("x = '____'", "x = os.environ.get('A',  'b')", [(1, "os.environ.get('A',  'b')")]),
        ("cache.___(____)", "cache.get(key)", [(1, "get"), (1, "key")]),
        ("f(a, timeout=___)", "f( a,\n  timeout = ttl )", [(1, "ttl")]),
        ("f(___=1)", "f(timeout=1)", [(1, "timeout")]),
        ("from ___ import cache", "from django.core.cache import cache", [(1, "django.core.cache")]),
        ("x = ...  # fill", "x = a or b", [(1, "a or b")]),
        ("k = f'user_{___}'", "k = f'user_{pk}'", [(1, "pk")]),
        ("def f():\n    pass  # fill", "def f():\n    a()\n    return b", [(2, "a()\nreturn b")]),
        ("def f():\n    a()\n    ___\n    b()", "def f():\n    a()\n    x = 1\n    b()", [(3, "x = 1")]),
        ("x = 'a'  # one", 'x = "a"', []),
        ("x = (1)\n", "\n\nx = 1", []),
    ],
)
def test_a_blank_takes_what_stands_in_its_place(
    template: str, other: str, expected: list[tuple[int, str]]
) -> None:
    assert bindings(template, other) == expected


@pytest.mark.parametrize(
    ("template", "other"),
    [
        ("x = ___", "y = 1"),
        ("x = ___", "x = 1\ny = 2"),
        ("x = ___\ny = 2", "x = 1"),
        ("cache.___(k)", "cache.get(other)"),
        ("x = 1", "x = 2"),
        ("x = 1", "x = True"),
        ("x = ...", "x = 1"),
        ("def f():\n    pass", "def f():\n    return 1"),
        ("def f():\n    pass  # fill\n    return 1", "def f():\n    return 1"),
        ("for ___ in y: f(___)", "for ___ in y: f(x)"),
        ("x = f'a{b}___'", "x = f'a{b}c'"),
    ],
)
def test_the_rest_must_be_equal(template: str, other: str) -> None:
    assert isinstance(unify(template, other), Mismatch)


def test_two_blanks_that_are_statements_share_what_is_there() -> None:
    template = "def f():\n    pass  # fill\n    save()\n    pass  # fill"
    assert bindings(template, "def f():\n    a\n    save()\n    save()\n    b") == [
        (2, "a"),
        (4, "save()\nb"),
    ]


def test_a_mismatch_names_the_line_of_the_template() -> None:
    found = unify("a = ___\nb = 2\nc = 3", "a = 1\nb = 3\nc = 3")
    assert isinstance(found, Mismatch)
    assert found.line == 2


def test_what_is_no_python_does_not_match() -> None:
    assert isinstance(unify("x = ___", "x = ("), Mismatch)
    assert isinstance(unify("x = ", "x = 1"), Mismatch)


TEMPLATE = """
class UserViewSet:
    def list(self, request):
        return cache.___('___')
"""


def test_recover_finds_the_definition_among_other_code() -> None:
    method = "    x = 1\n    def list(self, request):\n        return cache.get(KEY)\n"
    learner = f"import os\n\nclass UserViewSet(View):\n{method}"
    expected = Match((Binding(4, "get"), Binding(4, "KEY")))
    assert recover(TEMPLATE, learner, "UserViewSet.list") == expected
    assert recover(TEMPLATE, learner, "list") == expected
    assert recover("TTL: int = ___", "A = 1\nTTL: int = 5", "TTL") == Match((Binding(1, "5"),))


def test_recover_does_not_choose_between_two() -> None:
    twice = "class A:\n    def list(self): pass\nclass B:\n    def list(self): pass\n"
    assert isinstance(recover(TEMPLATE, twice, "list"), Mismatch)
    assert isinstance(recover(TEMPLATE, "", "list"), Mismatch)
