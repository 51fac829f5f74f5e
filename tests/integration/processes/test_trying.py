"""Scenarios for who may deploy: of a version and of a draft, one at a time, and none twice for nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.commands.packages import deployments
from engine.domain.errors import Forbidden, NotFound, Refused
from engine.queries.packages import drafts, trying
from engine.queries.reading import Source
from engine.spiff.scenarios import Report
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, OWNER, desk_files
from tests.support.visitors import visitor

HEAD = b"title: t\nat: 2026-05-11T08:00\n"
GOOD, WRONG = HEAD + b"expect: { open_tasks: [look] }", HEAD + b"expect: { status: closed }"
DRAFT = {**desk_files(), "scenarios/a.yaml": GOOD, "scenarios/b.yaml": WRONG, "scenarios/c.yaml": b"title: x"}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the scenarios that were really run."""
    ran: list[str] = []
    real = trying.run_file
    monkeypatch.setattr(trying, "_went", {})
    monkeypatch.setattr(trying, "run_file", lambda *given: (ran.append(given[1]), real(*given))[1])
    return ran


def run_all(source: Source, files: Mapping[str, bytes]) -> Report:
    """What the page does, one scenario after another."""
    trial = trying.trial_of(source, CLERK, files)
    return trial.report(list(trial.each()))


def test_a_draft_is_run_one_by_one(desk: Desk, runs: list[str]) -> None:
    trial = trying.trial_of(desk.engine, CLERK, DRAFT)
    each = trial.each()
    assert next(each).ok
    assert runs == ["scenarios/a.yaml"], "the others wait until they are asked for"
    assert [result.ok for result in each] == [False, False]
    report = run_all(desk.engine, DRAFT)
    assert [result.ok for result in report.results] == [True, False, False]
    assert "look" in report.coverage.paintings["repair.bpmn"].covered
    assert "mend" in report.coverage.paintings["repair.bpmn"].missing


def test_what_went_well_is_run_again_only_where_something_has_changed(desk: Desk, runs: list[str]) -> None:
    for _ in range(2):
        run_all(desk.engine, DRAFT)
    assert runs.count("scenarios/a.yaml") == 1
    assert runs.count("scenarios/b.yaml") == 2
    run_all(desk.engine, {**DRAFT, "scenarios/b.yaml": GOOD})
    assert runs.count("scenarios/a.yaml") == 1
    run_all(desk.engine, {**DRAFT, "README.md": b"Other."})
    assert runs.count("scenarios/a.yaml") == 2


def test_a_version_and_a_draft_with_the_same_files_are_the_same(desk: Desk, runs: list[str]) -> None:
    files = {path: content for path, content in DRAFT.items() if path != "scenarios/c.yaml"}
    run_all(desk.engine, files)
    deployments.deploy(desk.engine, files, CLERK, "browser", "with scenarios")
    trial = trying.trial_of_version(desk.engine, CLERK, "desk", 2)
    assert trial.run("scenarios/a.yaml").ok
    assert runs.count("scenarios/a.yaml") == 1
    assert sorted(trial.scenarios) == ["scenarios/a.yaml", "scenarios/b.yaml"]
    with pytest.raises(NotFound):
        trial.run("repair.bpmn")


def test_on_the_page_differences_are_told_in_the_readers_language(desk: Desk) -> None:
    late = HEAD + b"steps: [{ pass: PT1H }, { complete: mend }]"
    deployments.deploy(desk.engine, {**DRAFT, "scenarios/c.yaml": late}, CLERK, "browser")
    reader = visitor(desk.engine, CLERK)
    page = "/processes/desk/versions/2/scenarios/scenarios"
    told = {name: reader.get(f"{page}/{name}.yaml", **{"Accept-Language": "it"}).json for name in "bc"}
    assert told["b"]["differences"] == ["fine, riga 3: è previsto lo stato `closed`, ma è `with_us`"]
    assert told["c"]["differences"] == [
        "passo 2 (complete mend), riga 3: è prevista un'attività aperta in `mend`, ma sono aperte: `look`; "
        "il resto dello scenario non è stato eseguito"
    ]


def test_only_who_deploys_runs_them(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        trying.trial_of(desk.engine, OWNER, DRAFT)
    with pytest.raises(NotFound):
        trying.trial_of_version(desk.engine, OWNER, "desk")


def test_files_that_cannot_be_deployed_are_refused_with_their_problems(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        run_all(desk.engine, {**DRAFT, "repair.bpmn": b"<a/>"})
    assert any(problem.file == "repair.bpmn" for problem in refused.value.problems)


def test_a_ticket_told_twice_is_two_scenarios(desk: Desk) -> None:
    desk.open()
    page = visitor(desk.engine, CLERK)
    places = [page.post("/tickets/1/scenario").headers["Location"] for _ in range(2)]
    files = [place.partition("/draft/files/")[2].partition("?")[0] for place in places]
    assert files[0].startswith("scenarios/ticket-d-") and files[1] == f"{files[0].removesuffix('.yaml')}-2.yaml"
    assert set(files) == set(drafts.of_package(desk.engine, CLERK, "desk").changes)
