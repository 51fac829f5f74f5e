"""The pages of operations: what they show, to whom, by how many statements; nothing in a mail does anything."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from engine.commands.stepping import StepKept
from engine.commands.workers import Heart
from engine.domain.actors import Actor
from engine.storage.tables import Incident, Instance, Job, JournalEntry, Mail
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER
from tests.support.partner import Partner
from tests.support.shop import Shop
from tests.support.smtp import SmtpServer
from tests.support.statements import counting
from tests.support.visitors import text_of, visitor
from web.pages.operations.variables import mark

MOST_STATEMENTS = 15


@pytest.fixture
def troubled(shop: Shop, smtp: SmtpServer, partner: Partner) -> Shop:
    """A shop in which a webhook has failed, and a mail."""
    partner.answer(404)
    smtp.fail("550 no such user")
    shop.order("Squeaks")
    shop.tick()
    shop.order("Rattles")
    shop.tick()
    return shop


def ids(shop: Shop) -> dict[str, object]:
    """One of each."""
    with shop.engine.database.read() as tx:
        return {
            "incident": tx.execute(select(Incident.id)).scalars().first(),
            "job": tx.execute(select(Job.id).where(Job.type == "webhook")).scalars().first(),
            "mail": tx.execute(select(Mail.id)).scalars().first(),
            "instance": tx.execute(select(Instance.id).order_by(Instance.ticket_id)).scalars().first(),
        }


PLACES = (
    "/operations", "/operations/incidents", "/operations/incidents?state=resolved&cause=job&package=shop",
    "/operations/incidents/{incident}", "/operations/jobs", "/operations/jobs?state=failed", "/operations/jobs/{job}",
    "/operations/timers", "/operations/timers?which=overdue", "/operations/timers?which=standing",
    "/operations/messages", "/operations/mails", "/operations/mails?state=sent", "/operations/mails/{mail}",
    "/operations/mails/{mail}/html", "/operations/instances", "/operations/instances?state=running&days=7",
    "/operations/instances/{instance}", "/operations/instances/{instance}/cancel", "/instances/{instance}/diagram.json",
)  # fmt: skip


def test_every_page_takes_few_statements(troubled: Shop) -> None:
    reader, places = visitor(troubled.engine, troubled["boss"]), [place.format(**ids(troubled)) for place in PLACES]
    for place in places:
        assert reader.get(place).status_code == 200, place
    taken = {}
    for place in places:
        with counting(troubled.engine.database) as counted:
            reader.get(place)
        taken[place] = len(counted)
    assert {place: count for place, count in taken.items() if count > MOST_STATEMENTS} == {}


@pytest.mark.parametrize("who", ["mechanic", "anna", "stranger"])
def test_who_operates_nothing_finds_nothing(troubled: Shop, who: str) -> None:
    reader = visitor(troubled.engine, troubled[who])
    operating = [place.format(**ids(troubled)) for place in PLACES if place.startswith("/operations")]
    assert {place: reader.get(place).status_code for place in operating} == dict.fromkeys(operating, 404)


@pytest.mark.parametrize("actor", [COBBLER, OWNER], ids=["no operator", "customer"])
def test_commands_of_operators_are_refused_to_others(divide: Desk, actor: Actor) -> None:
    ticket_id = divide.open()
    with pytest.raises(StepKept):
        divide.complete(ticket_id, pairs=0)
    (incident,), (instance,) = divide.rows(Incident), divide.rows(Instance)
    writer = visitor(divide.engine, actor)
    for place in (
        f"/operations/incidents/{incident.id}/retry", f"/operations/incidents/{incident.id}/resolve",
        f"/operations/instances/{instance.id}/cancel", f"/operations/instances/{instance.id}/variables",
    ):  # fmt: skip
        assert writer.post(place, reason="x").status_code in (403, 404), place
    assert writer.post("/operations/incidents/retry").status_code == 404
    assert divide.rows(Instance)[0].ended_at is None


def test_only_what_was_changed_in_the_form_is_changed(divide: Desk) -> None:
    ticket_id = divide.open()
    with pytest.raises(StepKept):
        divide.complete(ticket_id, pairs=0)
    (incident,) = divide.rows(Incident)
    writer = visitor(divide.engine, CLERK)
    place = f"/operations/incidents/{incident.id}"
    shown = text_of(writer.get(place))
    assert "What was entered in the user task" in shown
    untouched = {"seen.name": "stock", "seen.kind": "number", "seen.text": "12", "seen.mark": mark("number", "12")}
    given = {"given.name": "pairs", "given.kind": "number", "given.text": "3", "given.mark": mark("number", "0")}
    assert writer.post(f"{place}/retry", **untouched, **given).status_code == 303
    (entry,) = divide.rows(JournalEntry, JournalEntry.command == "incidents.retry", JournalEntry.kind == "command")
    assert (entry.data["variables"], "instance_variables" in entry.data) == ({"pairs": 3}, False)


def test_what_cannot_be_read_is_told_at_its_field_and_kept(divide: Desk) -> None:
    ticket_id = divide.open()
    with pytest.raises(StepKept):
        divide.complete(ticket_id, pairs=0)
    (incident,) = divide.rows(Incident)
    given = {"given.name": "pairs", "given.kind": "number", "given.text": "three", "given.mark": ""}
    answer = visitor(divide.engine, CLERK).post(f"/operations/incidents/{incident.id}/retry", **given)
    assert answer.status_code == 422
    assert "Write a number" in text_of(answer)
    assert ">\nthree</textarea>" in answer.text


def test_the_html_of_a_mail_is_shown_without_rights(troubled: Shop) -> None:
    with troubled.engine.database.begin() as tx:
        hostile = "<p onclick='x()'>Dear</p><script>parent.location='/'</script><img src='https://elsewhere.example/'>"
        tx.execute(update(Mail).values(html=hostile))
    reader, mail = visitor(troubled.engine, troubled["boss"]), ids(troubled)["mail"]
    page = reader.get(f"/operations/mails/{mail}")
    assert '<iframe class="mail-frame" sandbox src=' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    framed = reader.get(f"/operations/mails/{mail}/html")
    policy = framed.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert framed.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_worker_the_overview_warns_and_the_health_check_says_so(troubled: Shop) -> None:
    reader = visitor(troubled.engine, troubled["boss"])
    assert "No worker looks for what is due." in text_of(reader.get("/operations"))
    assert reader.get("/readyz").status_code == 200
    assert reader.get("/readyz/worker").status_code == 503
    Heart(troubled.engine).beat()
    assert reader.get("/readyz/worker").status_code == 200
    assert "It was last seen just now." in text_of(reader.get("/operations"))


def test_without_a_mail_server_the_overview_says_that_mail_is_kept(troubled: Shop) -> None:
    page = text_of(visitor(troubled.engine, troubled["boss"]).get("/operations"))
    assert "No mail server is set: mail is kept here" in page


def test_the_diagrams_data_are_for_staff_who_see_the_ticket(troubled: Shop) -> None:
    instance = ids(troubled)["instance"]
    place = f"/instances/{instance}/diagram.json"
    reader = visitor(troubled.engine, troubled["boss"])
    (sheet,) = reader.get(place).json["sheets"]
    assert [stand["element"] for stand in sheet["stands"]] == ["ask"]
    assert sheet["passed"]["begin"]["order"] == 1
    drawing = reader.get(sheet["drawing"])
    assert (drawing.status_code, drawing.mimetype) == (200, "application/xml")
    for who in ("anna", "bruno", "stranger"):
        other = visitor(troubled.engine, troubled[who])
        assert other.get(place).status_code == other.get(sheet["drawing"]).status_code == 404
