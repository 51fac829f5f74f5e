"""Idempotency keys: what is done once, whatever comes twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from engine.commands import idempotency, tickets
from engine.commands.idempotency import Answer
from engine.domain.errors import Conflict, Invalid
from engine.storage.tables import IdempotencyKey, Ticket
from tests.support.shop import Shop


def opening(shop: Shop, seconds: float = 0.0) -> Callable[[], Answer]:
    def work() -> Answer:
        opened = tickets.open(shop.engine, shop["anna"], "shop", "Squeaks", "")
        time.sleep(seconds)
        return Answer(201, {"id": opened.ticket_id}, {"Location": f"/tickets/{opened.ticket_id}"})

    return work


def run(shop: Shop, key: str, work: Callable[[], Answer], request: str = "a") -> Answer:
    return idempotency.run(shop.engine, key, shop["anna"], request, work)


def count(shop: Shop) -> int:
    return int(shop.rows(select(func.count()).select_from(Ticket))[0][0])


def test_the_same_request_is_answered_and_not_done_again(shop: Shop) -> None:
    first = run(shop, "k", opening(shop))
    again = run(shop, "k", opening(shop))
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.status, again.body, again.headers) == (first.status, first.body, first.headers)
    assert count(shop) == 1
    idempotency.run(shop.engine, "k", shop["bruno"], "a", opening(shop))
    assert count(shop) == 2


def test_another_request_under_the_key_is_refused(shop: Shop) -> None:
    run(shop, "k", opening(shop))
    with pytest.raises(Invalid):
        run(shop, "k", opening(shop), "b")


def test_what_fails_keeps_nothing(shop: Shop) -> None:
    def work() -> Answer:
        opening(shop)()
        raise Conflict("after all")

    with pytest.raises(Conflict):
        run(shop, "k", work)
    assert count(shop) == 0
    assert run(shop, "k", opening(shop)).status == 201


def test_a_twin_waits_for_the_answer(shop: Shop) -> None:
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(run(shop, "k", opening(shop, seconds=0.3)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.repeated for answer in answers) == [False, True, True, True]
    assert len({answer.body["id"] for answer in answers}) == 1
    assert count(shop) == 1


def test_a_twin_does_not_wait_for_ever(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", 1.0)
    begun, end = threading.Event(), threading.Event()

    def slow() -> Answer:
        answer = opening(shop)()
        begun.set()
        assert end.wait(60)
        return answer

    first = threading.Thread(target=lambda: run(shop, "k", slow))
    first.start()
    try:
        assert begun.wait(60)
        with pytest.raises(Conflict) as raised:
            run(shop, "k", opening(shop))
    finally:
        end.set()
        first.join()
    assert raised.value.retry_after
    assert run(shop, "k", opening(shop)).repeated


def test_keys_are_forgotten_after_a_day(shop: Shop) -> None:
    run(shop, "k", opening(shop))
    shop.clock.advance(hours=24)
    assert not run(shop, "k", opening(shop)).repeated
    shop.clock.advance(hours=24)
    shop.tick()
    assert shop.rows(select(IdempotencyKey.key)) == []


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x00b", "a\nb", "\udcff"])
def test_a_key_is_short_and_printable(shop: Shop, key: str) -> None:
    with pytest.raises(Invalid):
        run(shop, key, opening(shop))
