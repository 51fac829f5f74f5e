"""What is for whoever sits at this machine is told to nobody else, however a request dresses itself up."""

from __future__ import annotations

import pytest
from flask import Flask

from engine.commands.demonstration import KNOWN_PASSWORD
from engine.domain.errors import Unauthorized
from web.http import this_machine

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}
ELSEWHERE = [
    {**HERE, "REMOTE_ADDR": "192.0.2.7"},
    {**HERE, "HTTP_HOST": "rebound.example"},
    {**HERE, "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    {**HERE, "HTTP_X_REAL_IP": "192.0.2.7"},
    {**HERE, "HTTP_FORWARDED": "for=192.0.2.7"},
    {**HERE, "HTTP_VIA": "1.1 proxy"},
]


def asked(environment: dict[str, str]):
    return Flask(__name__).test_request_context("/", environ_overrides=environment)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_a_browser_at_this_machine_asks(host: str) -> None:
    with asked({**HERE, "HTTP_HOST": host}):
        assert this_machine.is_asking()
        this_machine.check_password(KNOWN_PASSWORD)


@pytest.mark.parametrize("environment", ELSEWHERE)
def test_the_password_that_everybody_knows_is_taken_from_nowhere_else(environment: dict[str, str]) -> None:
    with asked(environment):
        assert not this_machine.is_asking()
        with pytest.raises(Unauthorized):
            this_machine.check_password(KNOWN_PASSWORD)
        this_machine.check_password("somebody's own")
