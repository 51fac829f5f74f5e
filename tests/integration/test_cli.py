"""The verbs of `iter` that need a database: packages in and out, people, tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.commands import tickets
from engine.commands.packages import policies
from engine.commands.people import sessions
from engine.commands.people.links import invitations
from engine.commands.people.tokens import actor_for
from engine.domain.actors import SYSTEM
from engine.domain.policies import Policy, PolicyRow
from engine.queries.packages import policies as policies_read
from engine.spiff.decisions.writing import policy_file
from engine.spiff.versions import read_version
from engine.storage.tables import Job
from tests.support.workshop import write_workshop
from web.cli import run
from web.database import open_engine
from web.package_sources import from_folder
from web.settings import read_settings

PROMISE = PolicyRow(goal="repair", when={}, target="P1D", calendar="shop")


@pytest.fixture
def workshop(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ITER_DATABASE_URL", database_url)
    monkeypatch.setenv("ITER_WORKFLOWS", str(tmp_path / "workflows"))
    return write_workshop(tmp_path)


def test_a_package_goes_in_and_comes_out_the_same(workshop, tmp_path, capsys):
    assert run(["deploy", str(workshop), "--reason", "first"]) == 0
    assert "version 1" in capsys.readouterr().out
    assert run(["deploy", str(workshop)]) == 0
    assert "before" in capsys.readouterr().out
    assert run(["export", "workshop"]) == 0
    exported = tmp_path / "workflows" / "workshop"
    assert from_folder(exported, 10**7) == from_folder(workshop, 10**7)
    assert run(["diff", "workshop", str(exported)]) == 0
    (exported / "README.md").write_text("new")
    (exported / "forms" / "mend.form").unlink()
    capsys.readouterr()
    assert run(["diff", "workshop", str(exported)]) == 1
    assert capsys.readouterr().out.splitlines() == ["only in the folder: README.md", "only deployed: forms/mend.form"]


def test_what_is_changed_in_an_exported_folder_is_deployed_to_the_byte(workshop, tmp_path, capsys):
    assert run(["deploy", str(workshop)]) == 0
    repository, again = tmp_path / "repository", tmp_path / "again"
    assert run(["export", "workshop", str(repository)]) == 0
    drawn = (repository / "repair.bpmn").read_bytes().replace(b'"Repair the bicycle"', b'"Mend it"')
    drawn = b"\xef\xbb\xbf" + drawn.replace(b"<bpmn:startEvent", b"<!-- ours -->\t<bpmn:startEvent", 1)
    (repository / "repair.bpmn").write_bytes(drawn.replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert run(["diff", "workshop", str(repository)]) == 1
    assert "differs: repair.bpmn" in capsys.readouterr().out
    assert run(["deploy", str(repository)]) == 0
    assert "version 2" in capsys.readouterr().out
    assert run(["diff", "workshop", str(repository)]) == 0
    assert run(["export", "workshop", str(again)]) == 0
    assert from_folder(again, 10**7) == from_folder(repository, 10**7)


def test_below_a_file_that_differs_stands_what_changed_in_it(workshop, capsys):
    assert run(["deploy", str(workshop)]) == 0
    drawn = (workshop / "repair.bpmn").read_text().replace('"Repair the bicycle"', '"Mend it"')
    (workshop / "repair.bpmn").write_text(drawn)
    reminder = (workshop / "mail" / "reminder.txt").read_text()
    (workshop / "mail" / "reminder.txt").write_text(f"{reminder}\x1b[2J\n")
    (workshop / "README.md").write_text("new")
    capsys.readouterr()
    assert run(["diff", "workshop", str(workshop)]) == 1
    told = capsys.readouterr().out
    assert "\n  changed userTask mend “Mend it”: name: ‘Repair the bicycle’ → ‘Mend it’\n" in told
    assert "\n  +�[2J\n" in told
    files = [line for line in told.splitlines() if not line.startswith("  ")]
    assert files == ["only in the folder: README.md", "differs: mail/reminder.txt", "differs: repair.bpmn"]
    assert run(["diff", "workshop", str(workshop), "--brief"]) == 1
    assert capsys.readouterr().out.splitlines() == files
    assert run(["diff", "workshop", str(workshop), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found[0]["path"], found[0]["kind"]) == ("README.md", "added")
    assert found[2]["changes"][0]["words"] == ["name: ‘Repair the bicycle’ → ‘Mend it’"]


def test_a_ticket_becomes_a_scenario_that_goes_its_way(workshop, tmp_path, capsys):
    assert run(["deploy", str(workshop)]) == 0
    engine = open_engine(read_settings())
    opened = tickets.open(engine, SYSTEM, "workshop", "Squeaks", "When braking")
    engine.database.close()
    capsys.readouterr()
    assert run(["retell", opened.number]) == 0
    told = capsys.readouterr().out
    assert "subject: Text 1" in told and "Squeaks" not in told
    file = workshop / "scenarios" / "retold.yaml"
    file.parent.mkdir(exist_ok=True)
    assert run(["retell", str(opened.ticket_id), "--to", str(file)]) == 0
    assert file.read_text() == told
    assert run(["test", str(workshop)]) == 0
    assert "ok      scenarios/retold.yaml" in capsys.readouterr().out
    assert run(["retell", "W-404"]) == 1


def test_a_refused_package_is_told_and_not_stored(workshop, capsys):
    (workshop / "repair.bpmn").write_text("<a/>")
    assert run(["deploy", str(workshop)]) == 1
    assert "repair.bpmn" in capsys.readouterr().err
    assert run(["export", "workshop"]) == 1


def test_people_are_added_given_roles_and_tokens_and_disabled(workshop, capsys):
    assert run(["deploy", str(workshop)]) == 0
    assert run(["companies", "add", "Riders"]) == 0
    assert run(["accounts", "add", "rider@example.com", "--name", "Rider", "--company", "Riders"]) == 0
    assert "password: " in capsys.readouterr().out
    assert run(["accounts", "roles", "rider@example.com", "workshop", "rider"]) == 0
    assert run(["accounts", "roles", "rider@example.com", "workshop", "mechanic"]) == 1
    capsys.readouterr()
    assert run(["accounts", "token", "rider@example.com", "--scope", "read", "--days", "1"]) == 0
    secret = capsys.readouterr().out.strip()
    engine = open_engine(read_settings())
    actor = actor_for(engine, secret)
    assert (actor.email, actor.memberships[0].role, actor.scopes) == ("rider@example.com", "rider", {"read"})
    assert run(["accounts", "password", "rider@example.com"]) == 0
    assert run(["accounts", "disable", "rider@example.com"]) == 0
    capsys.readouterr()
    assert run(["accounts", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == ["1  rider@example.com  customer  disabled  workshop/rider"]
    assert run(["accounts", "enable", "rider@example.com"]) == 0
    assert run(["companies", "list"]) == 0
    assert "Riders" in capsys.readouterr().out
    engine.sandbox.close()
    engine.database.close()


def test_people_are_invited_looked_after_and_signed_out(workshop, capsys):
    add = ["companies", "add", "Riders", "--vat-number", "IT1", "--service", "wheels", "--service", "brakes"]
    assert run(add) == 0
    assert run(["companies", "edit", "Riders", "--name", "Riders Ltd", "--reference", "R-1", "--inactive"]) == 0
    capsys.readouterr()
    assert run(["companies", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == ["1  Riders Ltd  IT1  R-1  wheels, brakes  inactive"]
    invite = ["accounts", "invite", "rider@example.com", "--name", "Rider", "--company", "Riders Ltd"]
    assert run(invite) == 0
    first = capsys.readouterr().out.split()[-1]
    assert run(invite) == 0
    second = capsys.readouterr().out.split()[-1]
    assert first != second and "/invitation/" in second
    assert run(["accounts", "list", "--company", "Riders Ltd", "--state", "invited", "--text", "RID"]) == 0
    assert capsys.readouterr().out.splitlines() == ["1  rider@example.com  customer  invited"]
    engine = open_engine(read_settings())
    invitations.accept(engine, second.rpartition("/")[2], "correct horse battery")
    sessions.begin(engine, "rider@example.com", "correct horse battery", agent="Browser")
    assert run(invite) == 1
    capsys.readouterr()
    assert run(["accounts", "address", "rider@example.com", "robin@example.com"]) == 0
    assert run(["accounts", "sessions", "robin@example.com"]) == 0
    assert capsys.readouterr().out.endswith("-  Browser\n")
    assert run(["accounts", "end-sessions", "robin@example.com", "--session", "99"]) == 1
    assert run(["accounts", "end-sessions", "robin@example.com"]) == 0
    assert capsys.readouterr().out == "robin@example.com: 1 session ended\n"
    assert run(["accounts", "two-factor-off", "robin@example.com"]) == 1
    assert run(["accounts", "list", "--company", "Nobody Ltd"]) == 64
    assert run(["accounts", "edit", "robin@example.com", "--name", "Robin", "--company", "Walkers"]) == 0
    assert run(["accounts", "recover", "robin@example.com"]) == 0
    capsys.readouterr()
    assert run(["accounts", "list", "--company", "Walkers", "--text", "Robin"]) == 0
    assert "robin@example.com" in capsys.readouterr().out
    with engine.database.read() as tx:
        assert (
            tx.execute(select(Job.payload).where(Job.type == "recovery")).scalar_one()["email"] == "robin@example.com"
        )
    engine.sandbox.close()
    engine.database.close()


@pytest.mark.parametrize(
    "verb",
    [
        "token",
        "tokens",
        "edit",
        "recover",
        "disable",
        "enable",
        "password",
        "sessions",
        "end-sessions",
        "two-factor-off",
    ],
)
def test_an_unknown_account_is_wrong_use(workshop, verb, capsys):
    assert run(["accounts", verb, "nobody@example.com"]) == 64
    assert capsys.readouterr().err.count("\n") == 1


def test_tokens_are_listed_and_revoked(workshop, capsys):
    assert run(["accounts", "add", "rider@example.com", "--name", "Rider", "--password", "correct horse battery"]) == 0
    assert run(["accounts", "token", "rider@example.com", "--name", "laptop", "--scope", "read"]) == 0
    capsys.readouterr()
    assert run(["accounts", "tokens", "rider@example.com"]) == 0
    assert capsys.readouterr().out.rstrip() == "1  laptop  read  never used"
    assert run(["accounts", "revoke", "rider@example.com", "99"]) == 64
    assert run(["accounts", "revoke", "rider@example.com", "1"]) == 0
    capsys.readouterr()
    assert run(["accounts", "tokens", "rider@example.com"]) == 0
    assert capsys.readouterr().out.rstrip() == "1  laptop  read  never used  revoked"


@pytest.mark.parametrize("url", [f"sqlite:///{__file__}/x.sqlite3", "postgresql://127.0.0.1:1/x"])
def test_a_database_that_cannot_be_reached_is_told_in_one_line(monkeypatch, url, capsys):
    monkeypatch.setenv("ITER_DATABASE_URL", url)
    assert run(["accounts", "list"]) == 64
    assert capsys.readouterr().err.count("\n") == 1


def test_a_policy_that_was_changed_in_iter_is_exported_as_files(workshop, tmp_path, capsys):
    (workshop / "sla.dmn").write_bytes(policy_file(Policy(rows=(PROMISE,)), "SLA"))
    assert run(["deploy", str(workshop)]) == 0
    engine = open_engine(read_settings())
    shop = policies_read.current(engine, SYSTEM, "workshop").policy
    shop["rows"][0] |= {"target": "P2D", "when": {"subject": '"Brake", "Bell"'}}
    shop["calendars"]["shop"]["closures"] = ["2026-08-14"]
    policies.change(engine, SYSTEM, "workshop", shop, 1)
    engine.sandbox.close()
    engine.database.close()
    assert run(["export", "workshop"]) == 0
    exported = tmp_path / "workflows" / "workshop"
    policy = read_version(from_folder(exported, 10**7)).policy
    assert policy.rows[0].target == "P2D"
    assert policy.rows[0].when == {"subject": '"Brake", "Bell"'}
    assert [day.isoformat() for day in policy.calendars["shop"].closures] == ["2026-08-14"]
    assert run(["diff", "workshop", str(exported)]) == 0
