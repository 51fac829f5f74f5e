"""What leaves Iter: at least once, with stable ids, retried, and an incident in the end."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from engine.commands import incidents, notes
from engine.commands.outbox import jobs, mails
from engine.commands.people import accounts
from engine.commands.tickets import watching
from engine.domain.actors import SYSTEM
from engine.queries import user_tasks as user_task_reads
from engine.queries.operations import incidents as incident_reads
from engine.queries.operations import outbox
from engine.storage.tables import Account, Job, JournalEntry, Mail, Timer
from engine.worker import Worker
from tests.support.partner import Partner
from tests.support.shop import Counted, Shop
from tests.support.smtp import SmtpServer

DELAYS = [10, 60, 300, 1800, 7200]


def mail_states(shop: Shop) -> list[tuple[str, int]]:
    return [(mail.state, mail.attempts) for mail in outbox.mails(shop.engine, shop["boss"]).items]


def webhook(shop: Shop) -> outbox.JobView:
    return next(job for job in outbox.jobs(shop.engine, shop["boss"]).items if job.type == "webhook")


def open_incidents(shop: Shop) -> list[incident_reads.IncidentView]:
    return incident_reads.listed(shop.engine, shop["boss"]).items


def test_a_mail_goes_out_once_as_its_text_says(shop: Shop, smtp: SmtpServer) -> None:
    ticket = shop.order("<Squeaks>")
    shop.tick()
    shop.tick()
    (mail,) = smtp.mails
    assert mail.recipients == ("anna@example.org",)
    assert mail.subject == "[S-001] received"
    assert mail.body().strip() == "Dear Anna, <Squeaks>"
    assert mail.body("html").strip() == "<p>Dear Anna, &lt;Squeaks&gt;</p>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    (kept,) = outbox.mails(shop.engine, shop["boss"]).items
    assert (kept.state, kept.message_id, kept.sent_at) == ("sent", mail.message_id, shop.clock())
    kinds = select(JournalEntry.kind).where(JournalEntry.ticket_id == ticket, JournalEntry.kind.startswith("mail_"))
    assert [row.kind for row in shop.rows(kinds.order_by(JournalEntry.id))] == [
        "mail_queued",
        "mail_prepared",
        "mail_sent",
    ]


def test_a_busy_server_is_tried_again_with_the_same_message_id(shop: Shop, smtp: SmtpServer) -> None:
    smtp.fail("451 later", times=2)
    shop.order()
    shop.tick()
    shop.clock.advance(seconds=9)
    shop.tick()
    assert mail_states(shop) == [("open", 1)]
    shop.clock.advance(seconds=1)
    shop.tick()
    assert mail_states(shop) == [("open", 2)]
    shop.clock.advance(seconds=60)
    shop.tick()
    assert mail_states(shop) == [("sent", 3)]
    assert not open_incidents(shop)
    assert len(smtp.mails) == 1


def test_after_the_last_try_it_is_an_incident_that_can_be_tried_again(shop: Shop, smtp: SmtpServer) -> None:
    smtp.fail("451 later", times=6)
    shop.order()
    for seconds in [0, *DELAYS]:
        assert not open_incidents(shop)
        shop.clock.advance(seconds=seconds)
        shop.tick()
    (incident,) = open_incidents(shop)
    assert (incident.kind, mail_states(shop)) == ("mail", [("failed", 6)])
    assert "451" in incident.problem
    incidents.retry(shop.engine, incident.id, shop["boss"])
    shop.tick()
    assert mail_states(shop) == [("sent", 1)]
    assert not open_incidents(shop)


def test_an_address_that_is_refused_for_good_is_an_incident_at_once(shop: Shop, smtp: SmtpServer) -> None:
    smtp.fail("550 no such user")
    shop.order()
    shop.tick()
    assert mail_states(shop) == [("failed", 1)]
    assert [incident.kind for incident in open_incidents(shop)] == ["mail"]


def test_without_a_server_and_for_demonstrations_mail_is_kept(shop: Shop, smtp: SmtpServer) -> None:
    with shop.engine.database.begin() as tx:
        tx.execute(update(Account).where(Account.email == "aldo@example.org").values(demonstration=True))
    shop.order(who="aldo")
    shop.tick()
    shop.order()
    shop.tick(smtp_url="")
    assert mail_states(shop) == [("kept", 0), ("kept", 0)]
    assert not open_incidents(shop)
    assert not smtp.mails


def test_a_text_that_can_not_be_written_is_an_incident_at_once(shop: Shop) -> None:
    shop.order()
    with shop.engine.database.begin() as tx:
        payload = tx.execute(select(Job.payload).where(Job.type == "mail")).scalar_one()
        tx.execute(update(Job).where(Job.type == "mail").values(payload={**payload, "template": "nowhere"}))
    shop.tick()
    (incident,) = open_incidents(shop)
    assert incident.kind == "job"
    assert "nowhere" in incident.problem


def test_whoever_was_killed_is_followed_after_the_lease(shop: Shop, smtp: SmtpServer) -> None:
    shop.order()
    Worker(shop.engine)._jobs()
    taken = mails.take(shop.engine)
    assert taken is not None
    shop.tick()
    assert not smtp.mails
    shop.clock.advance(seconds=60)
    shop.tick()
    assert [mail.message_id for mail in smtp.mails] == [taken.mail.message_id]
    mails.fail(shop.engine, taken.id, "too late to matter", permanent=True, attempt=taken.attempt)
    assert mail_states(shop) == [("sent", 2)]


def test_a_webhook_is_done_and_the_token_goes_on(shop: Shop, partner: Partner) -> None:
    partner.answer(200, b'{"price": 12.5}')
    shop.order("Brakes")
    shop.tick()
    ((headers, body),) = partner.seen
    assert body == {"subject": "Brakes"}
    job = webhook(shop)
    assert (job.state, headers["Idempotency-Key"]) == ("done", job.id)
    assert [task.element for task in user_task_reads.listed(shop.engine, shop["boss"]).items] == ["check"]


def test_a_bpmn_error_reaches_its_boundary_at_once(shop: Shop, partner: Partner) -> None:
    partner.answer(422, b'{"error": "NO_CREDIT"}')
    ticket = shop.order()
    shop.tick()
    entered = select(JournalEntry.element).where(
        JournalEntry.ticket_id == ticket, JournalEntry.kind == "element_entered"
    )
    assert [row.element for row in shop.rows(entered.order_by(JournalEntry.id))][-2:] == ["poor", "sorry"]
    assert not open_incidents(shop)


def test_a_partner_that_fails_is_tried_again_then_an_incident_then_mended(shop: Shop, partner: Partner) -> None:
    partner.answer(503, times=6)
    shop.order()
    for seconds in [0, *DELAYS]:
        assert not open_incidents(shop)
        shop.clock.advance(seconds=seconds)
        shop.tick()
    assert webhook(shop).state == "failed"
    (incident,) = open_incidents(shop)
    assert incident.element == "ask"
    assert len({headers["Idempotency-Key"] for headers, _ in partner.seen}) == 1
    incidents.retry(shop.engine, incident.id, shop["boss"])
    shop.tick()
    assert webhook(shop).state == "done"
    assert not open_incidents(shop)
    assert [task.element for task in user_task_reads.listed(shop.engine, shop["boss"]).items] == ["check"]


def test_an_error_that_nobody_catches_is_an_incident_and_its_retry_asks_again(shop: Shop, partner: Partner) -> None:
    partner.answer(422, b'{"error": "UNKNOWN_CUSTOMER"}')
    shop.order()
    shop.tick()
    (incident,) = open_incidents(shop)
    assert "UNKNOWN_CUSTOMER" in incident.problem or incident.problem
    incidents.retry(shop.engine, incident.id, shop["boss"])
    shop.tick()
    assert len(partner.seen) == 2
    assert webhook(shop).state == "done"
    assert not open_incidents(shop)
    assert [task.element for task in user_task_reads.listed(shop.engine, shop["boss"]).items] == ["check"]


def test_a_result_that_no_database_keeps_fails_for_good(shop: Shop, partner: Partner) -> None:
    partner.answer(200, b'{"name": "a\\u0000b"}')
    shop.order()
    shop.tick()
    assert webhook(shop).state == "failed"
    assert len(open_incidents(shop)) == 1


def test_an_internal_note_is_mailed_to_staff_alone(shop: Shop, smtp: SmtpServer) -> None:
    ticket = shop.order()
    notes.add(shop.engine, ticket, shop["boss"], "between us", public=False)
    notes.add(shop.engine, ticket, shop["boss"], "for all", public=True)
    shop.tick()
    told = {(mail.recipients[0], mail.body().strip()) for mail in smtp.mails if mail.subject == "Boss wrote"}
    assert told == {
        ("boss@example.org", "between us"),
        ("boss@example.org", "for all"),
        ("anna@example.org", "for all"),
    }


def test_who_works_there_no_more_gets_no_internal_note(shop: Shop, smtp: SmtpServer) -> None:
    ticket = shop.order()
    shop.join("clerk", "staff", None, {"boss": []})
    watching.watch(shop.engine, shop["clerk"], ticket)
    accounts.set_memberships(shop.engine, SYSTEM, shop["clerk"].id, "shop", {})
    notes.add(shop.engine, ticket, shop["boss"], "between us", public=False)
    shop.tick()
    told = {mail.recipients[0] for mail in smtp.mails if mail.body().strip() == "between us"}
    assert told == {"boss@example.org"}


def test_many_workers_take_each_job_once(shop: Shop) -> None:
    now = shop.clock()
    row = {"type": "webhook", "payload": {}, "state": "open", "next_attempt_at": now, "created_at": now}
    with shop.engine.database.begin() as tx:
        tx.execute(insert(Job), [{"id": f"job-{number}", **row} for number in range(60)])
    taken: list[str] = []

    def work() -> None:
        while job := jobs.take(shop.engine):
            taken.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"job-{number}" for number in range(60))


def test_looking_for_work_reads_an_index_alone(shop: Shop) -> None:
    with Counted(shop.engine.database) as counted:
        assert jobs.take(shop.engine) is None
        assert not mails.any_due(shop.engine)
    assert len(counted.statements) == 2
    if shop.engine.database.dialect == "sqlite":
        look = "SELECT id FROM jobs WHERE state = 'open' AND next_attempt_at <= 'x' ORDER BY next_attempt_at"
        (row,) = shop.rows(text(f"EXPLAIN QUERY PLAN {look}"))
        assert "ix_jobs_state_next_attempt_at" in row.detail


def test_one_broken_thing_does_not_stop_the_others(
    shop: Shop, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.order()
    shop.order()
    prepare, calls = mails.prepare, []

    def fragile(engine: Any, job_id: str) -> None:
        calls.append(job_id)
        if len(calls) == 1:
            raise ZeroDivisionError("surprise")
        prepare(engine, job_id)

    monkeypatch.setattr(mails, "prepare", fragile)
    shop.tick()
    assert len(smtp.mails) == 1
    shop.clock.advance(seconds=10)
    shop.tick()
    assert len(smtp.mails) == 2


def test_a_running_worker_wakes_at_once_and_ends_cleanly(shop: Shop, smtp: SmtpServer) -> None:
    stop = threading.Event()
    worker = threading.Thread(target=Worker(shop.engine).run, args=(stop,))
    worker.start()
    try:
        for number in (1, 2, 3):  # a machine that stands still once is late once
            shop.order()
            begun = time.monotonic()
            smtp.wait_for(number)
            if (seconds := time.monotonic() - begun) < 2:
                break
        assert seconds < 2
    finally:
        stop.set()
        shop.engine.wake.set()
        worker.join(10)
    assert not worker.is_alive()


def test_a_timer_that_can_not_fire_is_left_alone_for_a_while(
    shop: Shop, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.commands import timers

    shop.order()
    asked: list[str] = []

    def broken(_engine: Any, timer_id: str) -> None:
        asked.append(timer_id)
        raise RuntimeError("surprise")

    monkeypatch.setattr(timers, "due", lambda *_: ["a timer"])
    monkeypatch.setattr(timers, "fire", broken)
    shop.tick()
    assert asked == ["a timer"]
    assert len(smtp.mails) == 1
    assert not shop.rows(select(Timer.id))


def test_mail_rows_are_one_per_person_and_written_together(shop: Shop) -> None:
    ticket = shop.order()
    notes.add(shop.engine, ticket, shop["boss"], "hello", public=True)
    notes.add(shop.engine, ticket, shop["aldo"], "me too", public=True)
    shop.tick(smtp_url="")
    subject = select(Mail.recipient, Mail.job_id).where(Mail.subject == "Aldo wrote")
    assert sorted(row.recipient for row in shop.rows(subject)) == [
        "aldo@example.org",
        "anna@example.org",
        "boss@example.org",
    ]
