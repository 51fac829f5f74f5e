"""Slows down guessing (passwords, codes) and mail to others: each attempt is counted before it is looked at."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Row

from engine.commands.engine import Engine
from engine.domain.errors import Throttled
from engine.domain.said import said
from engine.storage.people import tokens as store

#: attempts that are free under each kind of key; a whole address may hold an office, an account may be under attack
FREE = {"pair": 5, "address": 50, "email": 50, "code": 5, "mail": 3, "mails-from": 20}
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
#: after so long without an attempt all is forgotten
MEMORY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Attempts that are counted together under some keys; of each, so many are free."""

    engine: Engine
    keys: Mapping[str, int]

    def count(self) -> None:
        """Count an attempt as failed, until `forgive`. Raises `Throttled` where there were too many."""
        now = self.engine.clock()
        with self.engine.database.begin() as tx:
            rows = store.attempts(tx, list(self.keys), now)
            wait = max((row.blocked_until - now for row in rows if row.blocked_until), default=timedelta())
            if wait <= timedelta():
                store.set_attempts(tx, [self._one_more(row, now) for row in rows])
        if wait > timedelta():
            raise Throttled(said("Too many attempts; wait a little."), retry_after=ceil(wait.total_seconds()))

    def forgive(self) -> None:
        """What was shown was right: the attempt was no failure, nor do earlier ones on this account count."""
        now = self.engine.clock()
        with self.engine.database.begin() as tx:
            rows = store.attempts(tx, list(self.keys), now)
            store.set_attempts(tx, [_forgiven(row) for row in rows])
            store.forget_attempts(tx, now - MEMORY)

    def _one_more(self, row: Row[Any], now: datetime) -> dict[str, Any]:
        failures = 1 if row.last_failed_at < now - MEMORY else row.failures + 1
        until = _blocked_until(failures - self.keys[row.key], now)
        return {"key": row.key, "failures": failures, "last_failed_at": now, "blocked_until": until}


def of_passwords(engine: Engine, email: str, address: str) -> Throttle:
    """Passwords that are tried on one account, from one network address."""
    place = network(address)
    keys = {f"pair:{email} {place}": FREE["pair"], f"email:{email}": FREE["email"]}
    return Throttle(engine, keys | ({f"address:{place}": FREE["address"]} if place else {}))


def of_codes(engine: Engine, account_id: int) -> Throttle:
    """Codes that are tried on one account, wherever from: whoever tries them knows its password."""
    return Throttle(engine, {f"code:{account_id}": FREE["code"]})


def of_mails(engine: Engine, email: str, address: str) -> Throttle:
    """Mails that somebody who needn't be known has sent to one address; never forgiven."""
    place = network(address)
    keys = {f"mail:{email}": FREE["mail"]}
    return Throttle(engine, keys | ({f"mails-from:{place}": FREE["mails-from"]} if place else {}))


def network(address: str) -> str:
    """Who counts as one: an IPv4 address; of IPv6 the network that one customer has, whose addresses are countless."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found.ipv4_mapped or found) if found.version == 6 else str(found)


def _forgiven(row: Row[Any]) -> dict[str, Any]:
    failures = max(row.failures - 1, 0) if row.key.startswith("address:") else 0
    return {"key": row.key, "failures": failures, "last_failed_at": row.last_failed_at, "blocked_until": None}


def _blocked_until(beyond: int, now: datetime) -> datetime | None:
    """After the free failures the waits double; the attempt that is just counted still takes place."""
    if beyond < 0:
        return None
    return now + min(FIRST_WAIT * (1 << min(beyond, 10)), LONGEST_WAIT)
