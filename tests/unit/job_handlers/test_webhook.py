"""Webhooks against a real HTTP server: what is sent, what an answer means, whom no webhook may call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.job_handlers.values import BpmnError, Done, HandlerSettings, JobFailure, JobValues, PermanentFailure
from engine.job_handlers.webhook import call_webhook
from tests.support.partner import Partner

LOCAL = HandlerSettings(webhook_private_hosts=frozenset({"127.0.0.1", "localhost"}), timeout=2)


@pytest.fixture
def partner() -> Iterator[Partner]:
    running = Partner()
    yield running
    running.stop()


def call(url: str, settings: HandlerSettings = LOCAL, **parameters: Any) -> Done | BpmnError:
    return call_webhook(JobValues("effect-1", "webhook", {"url": url, **parameters}), settings)


def test_it_posts_its_parameters_with_a_stable_key(partner: Partner) -> None:
    partner.answer(201, b'{"order": 7}')
    assert call(f"{partner.url}/hook?a=1", amount=3) == Done({"order": 7})
    headers, body = partner.seen[0]
    assert body == {"amount": 3}
    assert headers["Idempotency-Key"] == "effect-1"
    assert headers["Content-Type"] == "application/json"


def test_a_body_goes_as_it_is(partner: Partner) -> None:
    call(partner.url, body=[1, 2])
    assert partner.seen[0][1] == [1, 2]


@pytest.mark.parametrize(
    ("answer", "result"), [((204, b""), {}), ((200, b"[1]"), {"response": [1]}), ((200, b"  "), {})]
)
def test_results(partner: Partner, answer: tuple[int, bytes], result: dict[str, Any]) -> None:
    partner.answer(*answer)
    assert call(partner.url) == Done(result)


def test_a_named_error_is_the_diagrams_business(partner: Partner) -> None:
    partner.answer(422, b'{"error": "NO_CREDIT"}')
    found = call(partner.url)
    assert isinstance(found, BpmnError)
    assert found.code == "NO_CREDIT"


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((404, b""), True),
        ((302, b""), True),
        ((200, b"<html>"), True),
        ((200, b'{"a": NaN}'), True),
        ((200, b'{"a": 1e999}'), True),
        ((200, b"x" * 1_100_000), True),
        ((500, b'{"error": "X"}'), False),
        ((429, b""), False),
    ],
)
def test_failures(partner: Partner, answer: tuple[int, bytes], permanent: bool) -> None:
    partner.answer(*answer)
    with pytest.raises(JobFailure) as raised:
        call(partner.url)
    assert isinstance(raised.value, PermanentFailure) == permanent


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "http://user:word@example.com/",
        "http://",
        "http://127.0.0.1:0/",
        "http://[::1]/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fec0::1]/",
        "http://127.0.0.1:99999/",
        "http://[/",
    ],
)
def test_addresses_that_no_webhook_may_call(url: str) -> None:
    with pytest.raises(PermanentFailure):
        call(url, HandlerSettings(timeout=1))


def test_a_path_can_not_smuggle_headers(partner: Partner) -> None:
    try:
        call(f"{partner.url}/a b\r\nX-Evil: 1")
    except JobFailure:
        pass
    assert all("X-Evil" not in headers for headers, _ in partner.seen)


def test_nobody_there_is_tried_again() -> None:
    with pytest.raises(JobFailure) as raised:
        call("http://127.0.0.1:9/")
    assert not isinstance(raised.value, PermanentFailure)
