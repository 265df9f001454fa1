"""What a project's answers depend on is found out once, so that a check for others needs no process."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.result import Outcome
from grader.sandbox.exploring import capabilities as discovering
from grader.sandbox.exploring.capabilities import Capabilities, discover_capabilities
from grader.sandbox.hosting.sandbox import Sandbox
from grader.sandbox.hosting.worker import Worker
from grader.spec import CheckFailed
from grader.submission import find
from tests.grader.conftest import Bench
from tests.projects import handout
from tests.projects.build import Variant
from tests.projects.handout import HONEST
from tests.projects.right import LOGIN, RIGHT

NOTHING = Capabilities(query_variants=False, per_viewer=False, absolute_links=False, hidden_users=False)

_OWN_USER = handout.views("return super().list(request, *args, **kwargs)").replace(
    "    def list",
    "    def check_object_permissions(self, request, user):\n"
    "        if request.user.is_authenticated and request.user.pk not in (user.pk, None):\n"
    "            self.permission_denied(request)\n\n"
    "    def list",
)
_FILTER = handout.views(
    "rows = self.get_queryset()\n"
    "if name := request.query_params.get('user_type'):\n"
    "    rows = rows.filter(user_type=name)\n"
    "return Response(self.get_serializer(rows, many=True).data)"
)


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        pytest.param(HONEST, NOTHING, id="a plain list"),
        pytest.param(
            RIGHT["pages of two"], replace(NOTHING, query_variants=True, absolute_links=True), id="pages"
        ),
        pytest.param(LOGIN, replace(NOTHING, per_viewer=True), id="a login"),
        pytest.param(
            replace(HONEST, views=_OWN_USER),
            replace(NOTHING, hidden_users=True),
            id="users who see themselves",
        ),
        pytest.param(replace(HONEST, views=_FILTER), replace(NOTHING, query_variants=True), id="one filter"),
    ],
)
def test_what_the_answers_depend_on(bench: Bench, project: Variant, expected: Capabilities) -> None:
    with Sandbox(find(bench.write(project))) as sandbox:
        assert discover_capabilities(sandbox.project) == expected


def test_what_could_not_be_found_out_is_left_to_the_checks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_: object) -> bool:
        raise CheckFailed("the list broke")

    monkeypatch.setattr(discovering, "understands_query_variants", ends)
    with Sandbox(find(bench.write(HONEST))) as sandbox:
        assert discover_capabilities(sandbox.project) == Capabilities(
            query_variants=True, per_viewer=True, absolute_links=True, hidden_users=True
        )


def test_a_check_that_is_not_for_this_project_takes_no_process(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Worker] = []
    start = Worker.start

    def counted(worker: Worker, database: str) -> None:
        started.append(worker)
        start(worker, database)

    monkeypatch.setattr(Worker, "start", counted)
    core = ("B2", "B3", "F1", "L1", "L2", "D1", "D2")
    bench.judge(HONEST, ids=core)
    before = len(started)
    started.clear()
    result = bench.judge(bench.projects / "boda", ids=(*core, "L5", "L6", "L9", "D6"))
    told = {verdict.id: verdict for verdict in result.checks[len(core) :]}
    assert {verdict.outcome for verdict in told.values()} == {Outcome.SKIPPED}
    assert told["L5"].seen == "not applicable: the list has no pages, filters or orders"
    assert len(started) == before + 1, "one for the survey"
