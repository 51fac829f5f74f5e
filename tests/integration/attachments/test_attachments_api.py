"""Attachments over HTTP: in as a body or a part of a form, out as a download; attacks on both ways."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from engine.commands.engine import Engine, EngineSettings
from engine.commands.packages import deployments
from engine.commands.packages.folders import read_folder
from engine.commands.people import accounts, companies, tokens
from engine.domain.actors import SYSTEM
from engine.storage.tables import Attachment
from tests.support.clients import client_of
from tests.support.files import GENUINE, PDF
from tests.support.workshop import write_workshop
from web.settings import Settings

LIMIT = 300_000


@dataclass
class Caller:
    """Somebody with a token."""

    client: FlaskClient
    token: str

    def __call__(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)


@dataclass
class World:
    """A ticket of a rider, with who sees it and who doesn't."""

    engine: Engine
    people: dict[str, Caller]
    ticket: int

    def __getitem__(self, name: str) -> Caller:
        return self.people[name]

    def attach(self, name: str = "a.pdf", content: bytes = PDF, who: str = "rider", **options: Any) -> TestResponse:
        query = {"name": name, **options.pop("query", {})}
        path = f"/tickets/{self.ticket}/attachments"
        return self[who]("POST", path, data=content, query_string=query, content_type="application/pdf", **options)

    def stored(self) -> int:
        with self.engine.database.read() as tx:
            return int(tx.execute(select(func.count()).select_from(Attachment)).scalar_one())


@pytest.fixture
def world(database, clock, sandbox, tmp_path: Path) -> World:
    engine = Engine(database, clock, sandbox, EngineSettings(max_attachment=LIMIT))
    deployments.deploy(engine, read_folder(write_workshop(tmp_path)), SYSTEM, "folder")
    client = client_of(engine, Settings(max_attachment=LIMIT))
    people = {
        name: _person(engine, client, name, role)
        for name, role in {"mechanic": "mechanic", "rider": "rider", "stranger": "rider"}.items()
    }
    opened = people["rider"]("POST", "/tickets", json={"package": "workshop", "subject": "Brake"})
    return World(engine, people, int(opened.json["id"]))


def _person(engine: Engine, client: FlaskClient, name: str, role: str) -> Caller:
    customer = role == "rider"
    company = companies.create(engine, SYSTEM, name=name) if customer else None
    kind = "customer" if customer else "staff"
    account = accounts.create(engine, SYSTEM, email=f"{name}@example.com", name=name, kind=kind, company=company)
    accounts.set_memberships(engine, SYSTEM, account, "workshop", {role: []})
    return Caller(client, tokens.create(engine, SYSTEM, account_id=account).secret)


def test_a_file_goes_in_as_a_body_and_comes_out_as_a_download(world):
    added = world.attach("Preventivo è qui.pdf")
    assert added.status_code == 201, added.text
    assert (added.json["name"], added.json["size"], added.json["public"]) == ("Preventivo è qui.pdf", len(PDF), True)
    assert added.headers["Location"].endswith(f"/attachments/{added.json['id']}")
    path = f"/tickets/{world.ticket}/attachments"
    assert [file["id"] for file in world["mechanic"]("GET", path).json["items"]] == [added.json["id"]]
    assert world["mechanic"]("GET", f"{path}/{added.json['id']}").json == added.json
    content = world["mechanic"]("GET", f"{path}/{added.json['id']}/content")
    assert (content.status_code, content.data, content.content_type) == (200, PDF, "application/pdf")
    assert content.headers["Content-Disposition"].startswith('attachment; filename="Preventivo e qui.pdf"')


def test_a_file_goes_in_as_a_part_of_a_form(world):
    path = f"/tickets/{world.ticket}/attachments"
    added = world["mechanic"]("POST", f"{path}?public=false", data={"file": (io.BytesIO(PDF), "../a.pdf")})
    assert (added.status_code, added.json["name"], added.json["public"]) == (201, "a.pdf", False), added.text
    assert world["rider"]("GET", path).json["items"] == []


@pytest.mark.parametrize("parts", [{}, {"other": 1}, {"file": 2}, {"file": 1, "other": 1}])
def test_a_form_holds_one_file(world, parts):
    data = {part: [(io.BytesIO(PDF), "a.pdf") for _ in range(count)] for part, count in parts.items()}
    refused = world["rider"](
        "POST", f"/tickets/{world.ticket}/attachments", data={**data, "x": "y"}, content_type="multipart/form-data"
    )
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["file"])


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.xml", "a.eml"])
def test_what_a_browser_would_run_is_served_as_bytes(world, name):
    number = world.attach(name, GENUINE[name]).json["id"]
    served = world["mechanic"]("GET", f"/tickets/{world.ticket}/attachments/{number}/content")
    assert (served.content_type, served.data) == ("application/octet-stream", GENUINE[name])
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]


def test_a_polyglot_is_served_as_what_its_name_says_and_never_shown(world):
    both = GENUINE["a.gif"] + b"/*<script>alert(1)</script>*/=1;"
    number = world.attach("a.gif", both).json["id"]
    served = world["rider"]("GET", f"/tickets/{world.ticket}/attachments/{number}/content")
    assert served.content_type == "image/gif"
    assert served.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    ["a\r\nSet-Cookie: x=y.pdf", 'a"; filename="evil.html.pdf', "\u202efdp.pdf", "ø" * 300 + ".pdf", "../../a.pdf"],
)
def test_a_hostile_name_stays_inside_its_header(world, name):
    added = world.attach(name)
    assert added.status_code == 201, added.text
    served = world["rider"]("GET", f"/tickets/{world.ticket}/attachments/{added.json['id']}/content")
    assert "Set-Cookie" not in served.headers
    header = served.headers["Content-Disposition"]
    assert header.isascii() and header.isprintable() and len(header) < 1_000
    how, told = parse_options_header(header)
    assert (how, told["filename"]) == ("attachment", added.json["name"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"MZ\0\0"), ("a.pdf", b""), ("", PDF), ("a", PDF), ("a.txt", b"\0")],
)
def test_what_isnt_taken_is_said_at_the_field(world, name, content):
    refused = world.attach(name, content)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["file"])
    assert world.stored() == 0


def test_too_large_a_file_is_413(world):
    assert world.attach(content=PDF + bytes(LIMIT)).status_code == 413
    assert world.attach(content=PDF + bytes(3 * LIMIT)).status_code == 413
    part = {"file": (io.BytesIO(PDF + bytes(3 * LIMIT)), "a.pdf")}
    assert world["rider"]("POST", f"/tickets/{world.ticket}/attachments", data=part).status_code == 413
    assert world.stored() == 0


def test_ten_thousand_files_at_once_are_refused(world):
    many = {"file": [(io.BytesIO(b"x"), "a.txt") for _ in range(10_000)]}
    refused = world["rider"]("POST", f"/tickets/{world.ticket}/attachments", data=many)
    assert refused.status_code == 413
    assert world.stored() == 0


def test_an_upload_that_breaks_off_leaves_nothing(world):
    broken = world["rider"](
        "POST", f"/tickets/{world.ticket}/attachments?name=a.pdf", input_stream=io.BytesIO(PDF),
        environ_overrides={"CONTENT_LENGTH": str(len(PDF) + 1_000)},
    )  # fmt: skip
    assert broken.status_code == 400
    assert world.stored() == 0


def test_foreign_and_missing_files_get_the_same_answer(world):
    number = world.attach().json["id"]
    answers = []
    for ticket, file, who in [(world.ticket, number, "stranger"), (world.ticket, 999, "rider"), (999, number, "rider")]:
        for end in ("", "/content"):
            answer = world[who]("GET", f"/tickets/{ticket}/attachments/{file}{end}")
            answers.append((answer.status_code, {**answer.json, "instance": ""}))
    answers.append((404, answers[0][1]))
    assert all(answer == answers[0] for answer in answers)
    listed = world["stranger"]("GET", f"/tickets/{world.ticket}/attachments")
    assert (listed.status_code, {**listed.json, "instance": ""}) == answers[0]
    assert world.attach(who="stranger").status_code == 404


def test_customers_attach_nothing_internal(world):
    assert world.attach(query={"public": "false"}).status_code == 403


def test_a_retry_attaches_once(world):
    headers = {"Idempotency-Key": "one"}
    large = PDF + bytes(LIMIT - len(PDF))
    first, again = (world.attach(content=large, headers=headers) for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert world.attach(content=large[:-1] + b"x", headers=headers).status_code == 422
    assert world.attach("b.pdf", content=large, headers=headers).status_code == 422
    assert world.stored() == 1


def test_a_retry_of_a_form_attaches_once(world):
    path = f"/tickets/{world.ticket}/attachments"
    answers = [
        world["rider"]("POST", path, data={"file": (io.BytesIO(PDF), "a.pdf")}, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert world.stored() == 1


def test_nothing_removes_an_attachment(world):
    number = world.attach().json["id"]
    for method in ("DELETE", "PUT", "PATCH"):
        assert world["mechanic"](method, f"/tickets/{world.ticket}/attachments/{number}").status_code == 405
