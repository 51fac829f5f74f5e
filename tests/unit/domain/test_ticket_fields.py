from typing import Any

import pytest

from engine.domain.errors import Invalid
from engine.domain.packages import Choice, Field, MailSettings, Package, Status
from engine.domain.ticket_fields import accept


def field(key: str, type: Any, *choices: str) -> Field:
    return Field(key, type, {"en": key}, choices=tuple(Choice(choice, {"en": choice}) for choice in choices))


FIELDS = [field("note", "text"), field("floor", "number"), field("vip", "boolean"), field("agreed", "date"),
          field("met", "datetime"), field("size", "choice", "small", "large")]  # fmt: skip
PACKAGE = Package(
    id="shop", language="en", title={"en": "Shop"}, process="shop", time_zone="Europe/Rome", calendar="24x7",
    number="S-{sequence}", mail=MailSettings("shop@example.com"),
    statuses={"open": Status("open", "open", "#888888", {"en": "Open"})},
    request_types={"wish": Choice("wish", {"en": "Wish"})},
    fields={field.key: field for field in FIELDS},
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("status", "open", "open"),
        ("request_type", "wish", "wish"),
        ("request_type", None, ""),
        ("category", "", ""),
        ("subject", "Lamp", "Lamp"),
        ("assignee", 12, 12),
        ("assignee", "12", 12),
        ("assignee", "", None),
        ("note", "x", "x"),
        ("note", "", None),
        ("floor", 3, 3),
        ("floor", 3.5, 3.5),
        ("vip", False, False),
        ("agreed", "2026-05-15", "2026-05-15"),
        ("agreed", None, None),
        ("met", "2026-05-15T10:00", "2026-05-15T08:00:00+00:00"),
        ("size", "large", "large"),
    ],
)
def test_what_a_field_takes(name: str, value: Any, kept: Any) -> None:
    assert accept(PACKAGE, name, value) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 1), ("number", "S-1"), ("opened_at", "2026-05-15T10:00"), ("status_since", None), ("colour", "red"),
        ("status", "lost"), ("status", ""), ("status", ["open"]), ("request_type", "dream"), ("category", "bug"),
        ("assignee", 0), ("assignee", -1), ("assignee", 2**31), ("company", "999999999999"),
        ("met", "0001-01-01T00:00:00+14:00"), ("met", "9999-12-31T23:59:59-14:00"), ("met", "0001-01-01T00:00"),
        ("subject", 5), ("assignee", "pm"), ("assignee", True), ("assignee", 1.5), ("note", 5), ("floor", "3"),
        ("floor", True), ("floor", float("nan")), ("vip", 1), ("agreed", "15/05/2026"), ("agreed", 5),
        ("agreed", "2026-02-30"), ("met", "2026-05-15"), ("size", "huge"), ("size", {}),
    ],
)  # fmt: skip
def test_what_a_field_refuses(name: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        accept(PACKAGE, name, value)
    assert list(caught.value.fields) == [name]
