"""Migrations over the API and on the command line say and do what the commands do."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.people import tokens
from engine.domain.actors import SYSTEM
from engine.worker import Worker
from tests.integration.migrations.conftest import Owner
from tests.support.clients import client_of
from tests.support.desk import CLERK
from web.cli import run


@pytest.fixture
def on_the_command_line(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """The same database, for `iter`."""
    monkeypatch.setenv("ITER_DATABASE_URL", owner.desk.database.url.render_as_string(hide_password=False))
    return owner


def test_on_the_command_line_all_are_told_then_moved(
    on_the_command_line: Owner, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = on_the_command_line
    first, second = owner.desk.open(), owner.desk.open()
    version = owner.add_task()
    assert run(["migrate-tickets", "desk", "--to", str(version), "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines() == ["2 tickets: 2 safe, 0 need a choice, 0 can't"]
    assert owner.version_of(first) == {1}
    assert run(["migrate-tickets", "desk", "--to", str(version)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Migration 1: 2 moved, 0 stayed."
    owner.desk.complete(second, pairs=1)
    assert run(["migrate-tickets", "desk", "--to", "1"]) == 1
    told = capsys.readouterr().out
    assert "1 × repair/check: 'Check it' is gone. Choose one of: look (Look at it), mend (Mend it)" in told
    assert "choice: 'Check it' is gone." in told
    assert run(["migrate-tickets", "desk", "--to", "1", "--map", "repair/check=mend"]) == 0
    assert owner.desk.task(second).element == "mend"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["desk", "--to", "9"], 1),
        (["none", "--to", "1"], 1),
        (["desk", "--to", "1", "--map", "repair/look=nowhere"], 1),
        (["desk", "--to", "1", "--map", "x"], 64),
        (["desk"], 64),
    ],
)
def test_wrong_use_is_told(on_the_command_line: Owner, arguments: list[str], status: int) -> None:
    assert run(["migrate-tickets", *arguments]) == status


def test_over_the_api_all_are_told_then_moved(owner: Owner) -> None:
    client = client_of(owner.engine)
    headers = {"Authorization": f"Bearer {tokens.create(owner.engine, SYSTEM, account_id=CLERK.id).secret}"}

    def ask(path: str, body: object = None, status: int = 200) -> Any:
        method = "GET" if body is None else "POST"
        answer = client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    first, second = owner.desk.open(), owner.desk.open()
    version = owner.add_task()
    assert ask(f"/tickets/{second}/migrate", {"version": version}) == {"instances": 1}
    owner.desk.complete(second, pairs=1)
    here = "/packages/desk/migrations"
    checked = ask(f"{here}/check", {"version": 1})
    (group,) = checked["groups"]
    assert (group["verdict"], group["element"], group["tickets"]) == ("choice", "check", 1)
    listed = ask(f"{here}/check/tickets?verdict=choice", {"version": 1})
    assert [one["ticket"] for one in listed["items"]] == [second]
    refused = ask(f"/tickets/{second}/migrate", {"version": 1}, 409)
    assert refused["type"] == "urn:iter:problem:not-moved"
    started = ask(here, {"version": 1}, 201)
    assert (started["state"], started["tickets"]) == ("running", 1)
    Worker(owner.engine).tick()
    done = ask(f"{here}/1")
    assert (done["state"], done["moved"], done["choice"]) == ("done", 0, 1)
    assert [one["number"] for one in ask(f"{here}/1/stayed")["items"]] == [listed["items"][0]["number"]]
    assert ask(here, {"version": version, "mapping": []}, 201) and owner.version_of(first) == {1}
