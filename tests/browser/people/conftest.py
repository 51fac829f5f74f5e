"""People of one test alone, so that passwords, sessions and phones of the others stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from tests.support.journeys import PACKAGE, PASSWORD, Company
from tests.support.newcomers import Newcomer

_numbers = count(1)


@pytest.fixture
def newcomer(company: Company) -> Callable[..., Newcomer]:
    """Makes people: `newcomer("Nora", kind="staff", role="pm")`; with the password of everybody, in Italian."""

    def make(name: str = "Nora", *, kind: str = "staff", role: str = "", **more: Any) -> Newcomer:
        email = f"{name.lower()}{next(_numbers)}@new.example"
        admin = company["admin"]
        values = {"email": email, "name": name, "kind": kind, "password": PASSWORD, "language": "it", **more}
        made = admin.sends("/accounts", values, 201)
        if role:
            admin.sends(f"/accounts/{made['id']}/memberships/{PACKAGE}", {"roles": {role: []}}, 200, method="PUT")
        return Newcomer(company, made["id"], email)

    return make
