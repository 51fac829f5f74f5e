"""What an account may be called, where its mail goes, what it prefers."""

from __future__ import annotations

import pytest

from engine.commands.people.account_values import checked_email, is_email, preference_problems
from engine.domain.errors import Invalid


@pytest.mark.parametrize("email", ["a@b", "first.last+tag@mail.example.org", "o'neil@example.org", "è@example.org"])
def test_addresses_that_mail_reaches(email: str) -> None:
    assert checked_email(f" {email.upper()} ") == email


@pytest.mark.parametrize("email", [
    "", "a", "@b", "a@", "a@b c", "a@b\r\nBcc: c@d", "a\x00@b", "a@b@c", "<a@b>", "a,b@c", "a;b@c", '"a"@b', "a@[1]",
    f"{'a' * 65}@b", f"a@{'b' * 260}", "a@b..c", "a@b.", "a\u202e@b",
])  # fmt: skip
def test_addresses_that_could_become_headers_or_nothing(email: str) -> None:
    assert not is_email(email)
    with pytest.raises(Invalid) as raised:
        checked_email(email, "wanted")
    assert list(raised.value.fields) == ["wanted"]


def test_preferences_are_said_or_left_to_the_browser() -> None:
    assert preference_problems({"language": "", "time_zone": "", "theme": ""}) == {}
    assert preference_problems({"language": "pt-BR", "time_zone": "Asia/Tehran", "theme": "dark"}) == {}
    wrong = {"language": "<script>", "time_zone": "../../etc/passwd", "theme": "pink", "administrator": "1"}
    assert sorted(preference_problems(wrong)) == ["administrator", "language", "theme", "time_zone"]
