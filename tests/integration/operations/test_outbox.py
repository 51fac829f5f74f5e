"""Jobs and mails are tried again by hand: those that failed for good, and those whose next attempt is still to come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.commands import incidents
from engine.commands.outbox.again import retry_job, retry_mail
from engine.domain.errors import Conflict, Forbidden, NotFound
from engine.queries.operations import incidents as reads
from engine.queries.operations import outbox
from engine.queries.operations.mending import mending
from engine.storage.tables import Account, JournalEntry, Mail
from tests.support.partner import Partner
from tests.support.shop import Shop
from tests.support.smtp import SmtpServer


def webhook(shop: Shop) -> outbox.JobView:
    return next(job for job in outbox.jobs(shop.engine, shop["boss"]).items if job.type == "webhook")


def test_a_failing_webhook_is_shown_with_what_it_asked_and_tried_again(shop: Shop, partner: Partner) -> None:
    partner.answer(404)
    shop.order("Squeaks")
    shop.tick()
    failed = webhook(shop)
    assert (failed.state, failed.label, "404" in failed.last_error) == ("failed", "Ask the partner", True)
    detail = outbox.job(shop.engine, shop["boss"], failed.id)
    assert detail.parameters["subject"] == "Squeaks"
    (incident,) = reads.listed(shop.engine, shop["boss"]).items
    assert (detail.incident, incident.cause) == (incident.id, "job")
    assert not mending(shop.engine, shop["boss"], incident.id).may_stay
    retry_job(shop.engine, failed.id, shop["boss"])
    assert reads.listed(shop.engine, shop["boss"]).items == []
    shop.tick()
    assert webhook(shop).state == "done"


def test_a_job_that_the_process_went_on_without_is_not_done_any_more(shop: Shop, partner: Partner) -> None:
    partner.answer(422, b'{"error": "NO_CREDIT"}')
    shop.order()
    shop.tick()
    with pytest.raises(Conflict):
        retry_job(shop.engine, webhook(shop).id, shop["boss"])


def test_a_job_that_waits_for_its_next_attempt_is_tried_at_once(shop: Shop, partner: Partner) -> None:
    partner.answer(503)
    shop.order()
    shop.tick()
    assert webhook(shop).state == "open"
    retry_job(shop.engine, webhook(shop).id, shop["boss"])
    shop.tick()
    assert webhook(shop).state == "done"


def test_a_refused_mail_goes_to_the_accounts_present_address_under_the_same_message_id(
    shop: Shop, smtp: SmtpServer
) -> None:
    smtp.fail("550 no such user")
    shop.order()
    shop.tick()
    (mail,) = outbox.mails(shop.engine, shop["boss"], texts=False).items
    assert (mail.state, mail.text, mail.name) == ("failed", "", "Anna")
    with shop.engine.database.begin() as tx:
        tx.execute(update(Account).where(Account.email == "anna@example.org").values(email="anna@new.example.org"))
    retry_mail(shop.engine, mail.id, shop["boss"])
    shop.tick()
    (sent,) = smtp.mails
    assert sent.recipients == ("anna@new.example.org",)
    assert sent.message_id == mail.message_id
    assert reads.listed(shop.engine, shop["boss"]).items == []
    entries = shop.rows(JournalEntry.__table__.select().where(JournalEntry.command == "mails.retry"))
    assert [row.data["recipient_before"] for row in entries] == ["anna@example.org"]


def test_a_mail_that_is_kept_or_sent_is_not_given_out(shop: Shop) -> None:
    shop.order()
    shop.tick(smtp_url="")
    (kept,) = outbox.mails(shop.engine, shop["boss"]).items
    with pytest.raises(Conflict):
        retry_mail(shop.engine, kept.id, shop["boss"])


def test_a_mail_that_is_being_sent_is_not_sent_beside(shop: Shop) -> None:
    shop.order()
    shop.tick(smtp_url="smtp://127.0.0.1:9")
    (mail,) = outbox.mails(shop.engine, shop["boss"]).items
    held = shop.clock() + timedelta(seconds=60)
    with shop.engine.database.begin() as tx:
        tx.execute(update(Mail).values(locked_until=held))
    with pytest.raises(Conflict, match="just now"):
        retry_mail(shop.engine, mail.id, shop["boss"])


def test_whoever_does_not_operate_the_package_tries_nothing_again(shop: Shop, smtp: SmtpServer) -> None:
    smtp.fail("550 no such user")
    shop.order()
    shop.tick()
    (mail,) = outbox.mails(shop.engine, shop["boss"]).items
    for name in ("mechanic", "stranger", "anna"):
        with pytest.raises((NotFound, Forbidden)):
            retry_mail(shop.engine, mail.id, shop[name])
        with pytest.raises(NotFound):
            outbox.mail(shop.engine, shop[name], mail.id)


def test_an_incident_of_a_mail_may_be_left_with_a_reason(shop: Shop, smtp: SmtpServer) -> None:
    smtp.fail("550 no such user")
    shop.order()
    shop.tick()
    (incident,) = reads.listed(shop.engine, shop["boss"]).items
    assert mending(shop.engine, shop["boss"], incident.id).may_stay
    incidents.resolve(shop.engine, incident.id, shop["boss"], "Told her by phone")
    assert reads.listed(shop.engine, shop["boss"]).items == []
    (mail,) = outbox.mails(shop.engine, shop["boss"], state="failed").items
    retry_mail(shop.engine, mail.id, shop["boss"])
    shop.tick()
    assert [found.subject for found in smtp.mails] == ["[S-001] received"]
