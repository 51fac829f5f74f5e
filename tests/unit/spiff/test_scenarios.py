"""Scenarios: what can't be read, and that every expectation really is compared."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.domain.said import Said
from engine.spiff.expressions import Sandbox
from engine.spiff.scenarios import Result, Scenario, read_scenario, run, run_package, world
from engine.spiff.scenarios.runner import MAX_DIFFERENCES
from engine.spiff.versions import PackageVersion, read_version

FOLDER = Path(__file__).parents[2] / "packages" / "klempner"
HEAD = "title: t\nat: 2026-05-11T08:00\n"
TURN = (
    "      - { complete: annehmen, data: { art: verstopfung } }\n"
    "      - { complete: arbeiten, data: { ergebnis: folgetermin, stunden: 1 } }\n"
)
TAKEN = "  - complete: annehmen\n    by: disponent\n    data: { art: verstopfung }\n"


@pytest.fixture(scope="module")
def version() -> PackageVersion:
    return read_version({str(p.relative_to(FOLDER)): p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()})


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox()
    yield pool
    pool.close()


def play(version: PackageVersion, sandbox: Sandbox, text: str) -> Result:
    scenario, problems = read_scenario("scenarios/s.yaml", (HEAD + text).encode())
    assert scenario is not None, problems
    return run(version, scenario, sandbox)


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        ("a: [}", "isn't YAML", 1),
        ("title: &x t\nat: *x", "anchors", 1),
        ("title: t\ntitle: u", "stands twice", 2),
        ("- a", "is a mapping", 1),
        ("title: t", "`at` is missing", 1),
        ("title: t\nat: tomorrow", "2026-03-27T16:00", 2),
        (HEAD + "stesp: []", "Did you mean `steps`", 3),
        (HEAD + "steps:\n  - complte: x", "Did you mean `complete`", 4),
        (HEAD + "steps:\n  - complete: x\n    pass: PT1H", "exactly one verb", 4),
        (HEAD + "steps:\n  - complete: x\n    dat: {}", "Did you mean `data`", 5),
        (HEAD + "steps:\n  - expect: { statsu: open }", "Did you mean `status`", 4),
        (HEAD + "steps:\n  - note: x\n    expects: all", "one of staff, customer, nobody", 5),
        (HEAD + "steps:\n  - repeat: 2\n    steps:\n      - until: later", "2026-03-27T16:00", 6),
        (
            HEAD + "steps:\n  - repeat: 1000\n    steps:\n      - repeat: 1000\n        steps: [{pass: PT1H}]",
            "20,000",
            3,
        ),
        (HEAD + "given: { people: { a: {} } }", "`role` is missing", 3),
        (HEAD + "expect: { mails: [{ to: x }] }", "`template` is missing", 3),
        (HEAD + "expect: { ended: 1 }", "true or false", 3),
    ],
)
def test_a_wrong_file_is_told_in_words_with_its_line(text: str, told: str, line: int) -> None:
    scenario, problems = read_scenario("scenarios/s.yaml", text.encode())
    assert scenario is None
    assert told in problems[0].problem
    assert isinstance(problems[0].problem, Said) and isinstance(problems[0].remedy, Said)
    assert problems[0].line == line


@pytest.mark.parametrize(
    "content", [b"\xff", b"[" * 100_000, b"- " * 90_000, b"x" * 300_000, b"", b"!!python/object:a.b x"]
)
def test_hostile_files_are_refused(content: bytes) -> None:
    assert read_scenario("scenarios/s.yaml", content)[1]


def test_yaml_is_plain() -> None:
    text = HEAD + "steps: [{edit: {a: yes, b: 2026-05-11, c: 12:30, d: true, e: 1.5, f: null, g: '7', h: 010}}]"
    scenario, _ = read_scenario("s.yaml", text.encode())
    assert scenario is not None
    assert scenario.data["steps"][0]["edit"] == {
        "a": "yes", "b": "2026-05-11", "c": "12:30", "d": True, "e": 1.5, "f": None, "g": "7", "h": "010",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("  - complete: arbeiten", "open are: `annehmen`"),
        ("  - complete: annehmen\n    by: kunde\n    data: { art: wartung }", "it is for disponent"),
        ("  - complete: annehmen\n    by: niemand", "nobody called `niemand`"),
        ("  - complete: annehmen\n    by: disponent", "refused art"),
        ("  - complete: annehmen\n    data: { art: heizung }\n    refused: [art]", "refused nothing"),
        ("  - action: fliegen", "no action `fliegen`"),
        ("  - action: stornieren\n    by: monteur", "it is for kunde"),
        ("  - action: stornieren\n    by: kunde\n    data: { x: 1 }", "no form"),
        ("  - until: 2026-05-10T08:00", "time doesn't go back"),
        ("  - pass: P1X", "P1X"),
        ("  - pass_working: P1M", "P1M"),
        ("  - pass_working: PT1H\n    calendar: x", "'x'"),
        ("  - job: rechnung", "waiting are: nothing"),
        ("  - edit: { status: erledigt }", "can't be edited by hand"),
        ("  - edit: { category: unsinn }", "unsinn"),
        ("  - note: x\n    by: monteur\n    public: false\n    expects: customer", "internal notes"),
    ],
)
def test_a_step_that_cannot_be_done_ends_the_scenario(
    version: PackageVersion, sandbox: Sandbox, steps: str, told: str
) -> None:
    result = play(version, sandbox, f"steps:\n{steps}\n  - expect: {{ status: never }}")
    assert [told in d.problem for d in result.differences] == [True], result.differences
    assert isinstance(result.differences[0].problem, Said) and isinstance(result.differences[0].step, Said)
    assert result.differences[0].line == 4
    assert result.differences[0].step.startswith("step 1 (")


def test_an_incident_is_overlooked_by_no_scenario(version: PackageVersion, sandbox: Sandbox) -> None:
    diagram = version.files["auftrag.bpmn"].replace(b'ergebnis == "erledigt"', b'ergebnis["x"] == 1')
    assert diagram != version.files["auftrag.bpmn"]
    broken = read_version({**version.files, "auftrag.bpmn": diagram}, trusted=True)
    steps = f"steps:\n{TAKEN}  - complete: arbeiten\n    data: {{ ergebnis: erledigt, stunden: 1 }}\n"
    unexpected = play(broken, sandbox, steps).differences
    assert "expected incidents at none, but there were: `fertig`" in unexpected[0].problem
    kept = "    expect: { incidents: [fertig], open_tasks: [arbeiten], ended: false }"
    assert play(broken, sandbox, steps + kept).ok


def test_turns_are_repeated_and_named(version: PackageVersion, sandbox: Sandbox) -> None:
    turn = "\n".join(
        [
            "  - repeat: 40",
            "    steps:",
            "      - complete: annehmen",
            "        data: { art: verstopfung }",
            "      - complete: arbeiten",
            "        data: { ergebnis: folgetermin, stunden: 1 }",
            "        expect: { variables: { ergebnis: folgetermin } }",
            "  - repeat: 1",
            "    steps: [{ expect: { status: neu } }]",
        ]
    )
    result = play(version, sandbox, f"steps:\n{turn}\nexpect: {{ open_tasks: [annehmen] }}")
    assert [d.step for d in result.differences] == ["step 2.1.1 (expect)"]
    assert result.path.count("arbeiten") == 40


def test_a_buffered_message_expires(version: PackageVersion, sandbox: Sandbox) -> None:
    storno = "steps:\n  - complete: annehmen\n    data: { art: heizung }\n  - message: storno\n  - pass: %s\n"
    again = "  - complete: arbeiten\n    data: { ergebnis: folgetermin, stunden: 1 }\n"
    assert play(version, sandbox, storno % "PT23H" + again + "expect: { status: storniert }").ok
    late = "expect: { status: in_arbeit, open_tasks: [annehmen] }"
    assert play(version, sandbox, storno % "PT25H" + again + late).ok


def test_every_expectation_is_really_compared(version: PackageVersion, sandbox: Sandbox) -> None:
    """Each expectation of the package's own scenarios, made wrong, is noticed, and told in anybody's language."""
    count = 0
    for path in sorted(path for path in version.files if path.startswith("scenarios/")):
        scenario, _ = read_scenario(path, version.files[path])
        assert scenario is not None
        for place, expected in _expectations(scenario.data):
            for key, wrong in _made_wrong(expected):
                data = copy.deepcopy(dict(scenario.data))
                _put(data, place, {**expected, key: wrong})
                found = run(version, Scenario(path, data, scenario.plain), sandbox).differences
                assert found, (path, place, key, wrong)
                assert all(isinstance(told, Said) for one in found for told in (one.step, one.problem)), found
                count += 1
    assert count > 50


def test_the_report_reads_aloud(version: PackageVersion) -> None:
    wrong = (HEAD + "expect: { status: erledigt }").encode()
    report = run_package(version, {"scenarios/a.yaml": wrong, "scenarios/b.yaml": b"title: x"})
    text = report.text()
    assert "end, line 3: expected the status `erledigt`, but it is `neu`" in text
    assert "scenarios/b.yaml" in text
    assert "2 scenarios, 2 failed." in text
    assert "No scenario takes, in einsatz.bpmn:" in text
    assert "flow fertig_rechnung, line" in text
    told = json.loads(json.dumps(report.to_json()))
    assert told["ok"] is False
    assert told["coverage"]["elements"]["covered"] < told["coverage"]["elements"]["total"]
    assert {"file": "auftrag.bpmn", "id": "fertig", "kind": "element", "label": "Fertig?"}.items() <= next(
        m for m in told["coverage"]["missing"] if m["id"] == "fertig"
    ).items()


def _expectations(data: Any) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    for index, step in enumerate(data.get("steps", [])):
        if "expect" in step:
            yield ("steps", index, "expect"), step["expect"]
    if "expect" in data:
        yield ("expect",), data["expect"]


def _made_wrong(expected: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in expected.items():
        match value:
            case bool():
                yield key, not value
            case str():
                yield key, "other"
            case dict():
                other = "2031-01-01T00:00" if key in ("deadlines", "warnings") else "other"
                yield from ((key, {**value, name: other}) for name in value)
            case list() if key != "not_entered":
                yield key, [*value, "other"]
                if value and key not in ("path", "waits_for"):
                    yield key, value[:-1]


def _put(data: dict[str, Any], place: tuple[Any, ...], value: Any) -> None:
    inner: Any = data
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value


def test_a_scenario_ends_after_so_many_moves_always_at_the_same_place(
    version: PackageVersion, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "MAX_MOVES", 100)
    turns = f"steps:\n  - repeat: 1000\n    steps:\n{TURN}"
    first, second = (play(version, sandbox, turns) for _ in range(2))
    assert first == second
    assert ["stopped after 100 moves" in found.problem for found in first.differences] == [True]
    assert first.differences[0].step.startswith("step 1.")
    assert first.path.count("arbeiten") > 5


def test_where_others_wait_a_scenario_ends_after_so_many_seconds(version: PackageVersion) -> None:
    seconds = count()
    hurried = Sandbox(lambda: float(next(seconds)))
    result = play(version, hurried, f"steps:\n  - repeat: 1000\n    steps:\n{TURN}")
    hurried.close()
    assert ["stopped after 20 seconds" in found.problem for found in result.differences] == [True]


def test_a_scenario_ends_after_so_many_differences(version: PackageVersion, sandbox: Sandbox) -> None:
    wrong = "steps:\n  - repeat: 1000\n    steps: [{ expect: { status: x, waits_for: [a, b, c] } }]\n"
    assert len(play(version, sandbox, wrong + "expect: { ended: true }").differences) == MAX_DIFFERENCES


def test_what_is_covered_is_told_by_file_for_painting(version: PackageVersion, sandbox: Sandbox) -> None:
    report = run_package(version, {"scenarios/a.yaml": (HEAD + "steps:\n" + TAKEN).encode()}, sandbox)
    painted = report.coverage.paintings
    assert set(painted) == {"auftrag.bpmn", "einsatz.bpmn"}
    assert {"annehmen", "annehmen_zuteilen"} <= painted["auftrag.bpmn"].covered
    assert {(one.file, one.id) for one in report.coverage.missing} == {
        (file, one) for file, painting in painted.items() for one in painting.missing
    }
    assert not any(painting.covered & painting.missing for painting in painted.values())
