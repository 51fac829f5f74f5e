"""The `iter` command: what it prints and with which status it ends; what needs a database is tested elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.workshop import write_workshop
from tests.unit.spiff.drawing import node, path, process, xml
from web.cli import run


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    return write_workshop(tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["check"],
        ["check", "/nothing/here"],
        ["check", "--nonsense", "."],
        ["deadline", "."],
        ["accounts", "nothing"],
        ["accounts", "token", "a@example.com", "--scope", "root"],
    ],
)
def test_wrong_use_is_told_in_one_line(arguments, capsys):
    assert run(arguments) == 64
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("iter: ")
    assert printed.err.count("\n") == 1


def test_a_bad_setting_is_told_in_one_line(capsys, monkeypatch):
    monkeypatch.setenv("ITER_PORT", "many")
    assert run(["migrate"]) == 64
    assert capsys.readouterr().err.count("\n") == 1


def test_help_is_there(capsys):
    assert run(["--help"]) == 0
    assert "serve" in capsys.readouterr().out


def test_a_sound_package_has_nothing_wrong(workshop, capsys):
    assert run(["check", str(workshop), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_problems_name_the_file_as_it_was_given(workshop, capsys):
    (workshop / "repair.bpmn").write_text("<a/>")
    (workshop / "forms" / "mend.form").write_text("{")
    assert run(["check", str(workshop), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {f"{workshop}/repair.bpmn", f"{workshop}/forms/mend.form"} <= {problem["file"] for problem in found}
    assert all(
        set(problem) == {"file", "element", "label", "line", "problem", "remedy", "severity"} for problem in found
    )


def test_the_folder_around_packages_stands_for_all_of_them(workshop, capsys):
    (workshop.parent / "templates").mkdir()
    (workshop.parent / "templates" / "mail.json").write_text("{}")
    assert run(["check", str(workshop.parent)]) == 0
    (workshop / "repair.bpmn").write_text("<a/>")
    capsys.readouterr()
    assert run(["check", str(workshop.parent), "--json"]) == 1
    assert {problem["file"].partition("/workshop/")[0] for problem in json.loads(capsys.readouterr().out)} == {
        str(workshop.parent)
    }


@pytest.mark.parametrize(
    "arguments", [["test"], ["deploy"], ["deadline", "--from", "2026-03-27T17:00Z", "--add", "PT3H"]]
)
def test_where_one_package_is_wanted_the_folder_around_it_is_told_in_one_line(workshop, arguments, capsys):
    assert run([*arguments, str(workshop.parent)]) == 64
    printed = capsys.readouterr()
    assert str(workshop) in printed.err
    assert printed.err.count("\n") == 1


def test_a_folder_without_any_package_is_told_once(workshop, tmp_path, capsys):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "mail.json").write_text("{}")
    assert run(["check", str(tmp_path / "templates")]) == 1
    assert capsys.readouterr().out.count("\n") == 1


def test_a_package_that_only_lacks_its_settings_is_checked_all_the_same(workshop, capsys):
    (workshop / "package.toml").unlink()
    (workshop / "repair.bpmn").write_text("<a/>")
    assert run(["check", str(workshop)]) == 1
    printed = capsys.readouterr().out
    assert "repair.bpmn" in printed
    assert "no package.toml" in printed


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("repair.bpmn", None, 0),
        ("forms/mend.form", None, 0),
        ("package.toml", None, 0),
        ("README.txt", "x", 1),
        ("repair.bpmn", "<!DOCTYPE a><a/>", 1),
        ("sla.dmn", "<a/>", 1),
    ],
)
def test_single_files_are_checked_by_themselves(workshop, name, content, status, capsys):
    if content is not None:
        (workshop / name).write_text(content)
    assert run(["check", str(workshop / name)]) == status
    assert capsys.readouterr().out


def test_a_deadline_is_an_instant_with_its_offset(workshop, capsys):
    assert run(["deadline", str(workshop), "--from", "2026-03-27T17:00+00:00", "--add", "PT3H"]) == 0
    assert capsys.readouterr().out == "2026-03-28T11:00:00+00:00\n"


@pytest.mark.parametrize(
    ("start", "duration", "calendar"),
    [("yesterday", "PT3H", "shop"), ("2026-03-27T17:00Z", "P1M", "shop"), ("2026-03-27T17:00Z", "PT3H", "moon")],
)
def test_a_deadline_that_nobody_can_tell_is_wrong_use(workshop, start, duration, calendar):
    assert run(["deadline", str(workshop), "--from", start, "--add", duration, "--calendar", calendar]) == 64


def test_scenarios_are_run_and_their_failure_is_the_status(workshop, capsys):
    assert run(["test", str(workshop), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    scenario = next((workshop / "scenarios").iterdir())
    scenario.write_text(scenario.read_text().replace("ready", "in_the_shop"))
    assert run(["test", str(workshop)]) == 1


def test_a_refused_package_has_no_scenarios_to_run(workshop, capsys):
    (workshop / "repair.bpmn").write_text("<a/>")
    assert run(["test", str(workshop)]) == 1
    assert "repair.bpmn" in capsys.readouterr().err


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A folder with a diagram and the events for it."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    (folder / "p.bpmn").write_bytes(xml(process(node("userTask", "a"), path("s", "a", "e"))))
    (folder / "events.json").write_text('[{"now": "2026-03-27T16:00+01:00"}, {"complete": "a", "data": {"x": 1}}]')
    return folder


def test_a_diagram_is_simulated_by_itself(drawn, capsys):
    assert run(["simulate", str(drawn), "--events", str(drawn / "events.json"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["variables"], list(told["instances"])) == ("completed", {"x": 1}, ["p"])
    assert run(["simulate", str(drawn / "p.bpmn"), "--events", str(drawn / "events.json")]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "p: completed"


def test_a_refused_diagram_is_told_like_by_the_check(drawn, capsys):
    (drawn / "p.bpmn").write_bytes(xml(process(node("complexGateway", "x"), path("s", "x", "e"))))
    assert run(["simulate", str(drawn), "--events", str(drawn / "events.json"), "--json"]) == 2
    refused = json.loads(capsys.readouterr().out)
    assert run(["check", str(drawn / "p.bpmn"), "--json"]) == 1
    checked = json.loads(capsys.readouterr().out)
    assert [found["element"] for found in refused] == [found["element"] for found in checked] == ["x"]


@pytest.mark.parametrize(
    "events", ["[", "{}", '[{"complete": "b"}]', '[{"walk": 1}]', '[{"advance": "soon"}]', "\udcff"]
)
def test_events_that_cannot_be_are_wrong_use(drawn, events, capsys):
    (drawn / "events.json").write_bytes(events.encode("utf-8", "surrogateescape"))
    assert run(["simulate", str(drawn), "--events", str(drawn / "events.json")]) == 64
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
