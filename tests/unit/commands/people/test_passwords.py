"""Passwords: what is accepted, and that checking works without a hash to compare with."""

from __future__ import annotations

import pytest

from engine.commands.people.passwords import hash_password, is_right
from engine.domain.errors import Invalid


def test_only_the_right_one_is_right() -> None:
    hashed = hash_password("correct horse battery")
    assert hashed.startswith("$argon2id$")
    assert is_right("correct horse battery", hashed)
    assert not is_right("correct horse batter", hashed)
    assert not is_right("correct horse battery", None)
    assert not is_right("nobody has this password", None)
    assert not is_right("anything", "not a hash")


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_length(password: str) -> None:
    with pytest.raises(Invalid) as raised:
        hash_password(password)
    assert list(raised.value.fields) == ["password"]


def test_any_character_may_be_in_it() -> None:
    for password in ("p\x00ssword 123", "\udcff" * 10, "è" * 200):
        assert is_right(password, hash_password(password))
    assert not is_right("x" * 201, hash_password("x" * 200))
