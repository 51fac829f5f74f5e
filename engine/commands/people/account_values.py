"""What an account may be: its fields, preferences and roles, each checked where it stands. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from engine.domain.errors import Invalid
from engine.domain.packages import Package
from engine.domain.said import said

THEMES = ("light", "dark")
#: what everybody says of their own account; empty: as the browser has it
PREFERENCES = ("language", "time_zone", "theme")
#: which languages Iter speaks is the pages' business; mail in another one is English
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
_EMAIL = re.compile(r"[^@\s\x00-\x1f<>(),;:\"\\\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*")


def checked_email(email: str, field: str = "email") -> str:
    """The address in lower case. Raises `Invalid`."""
    email = email.strip().lower()
    if not is_email(email):
        text = said("This isn't an e-mail address.")
        raise Invalid(text, {field: [text]})
    return email


def is_email(email: str) -> bool:
    """Whether mail could be sent to this address (lower case)."""
    return len(email) <= 254 and email.isprintable() and bool(_EMAIL.fullmatch(email))


def checked_account(email: str, name: str, kind: str, company: int | None) -> dict[str, Any]:
    """The columns of an account. Raises `Invalid` with all that is wrong."""
    email, name = email.strip().lower(), one_line(name)
    fields: dict[str, list[str]] = {}
    if not is_email(email):
        fields["email"] = [said("This isn't an e-mail address.")]
    fields |= name_problems(name)
    if kind not in ("staff", "customer"):
        fields["kind"] = [said("An account is staff or customer.")]
    elif (kind == "customer") != (company is not None):
        fields["company"] = [said("A customer belongs to a company, staff doesn't.")]
    if fields:
        raise Invalid(said("The account can't be written like this."), fields)
    return {"email": email, "name": name, "kind": kind, "company_id": company}


def name_problems(name: str) -> dict[str, list[str]]:
    """What is wrong with somebody's name, at its field."""
    if 0 < len(name) <= 200 and name.isprintable():
        return {}
    return {"name": [said("A name has 1 to 200 characters.")]}


def one_line(name: str) -> str:
    """A name without needless spaces."""
    return " ".join(name.split())


def preference_problems(values: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong with preferences, at their fields."""
    fields: dict[str, list[str]] = {key: [said("There is no such field.")] for key in values if key not in PREFERENCES}
    if not is_language(values.get("language", "")):
        fields["language"] = [said("A language is said like “en” or “pt-BR”.")]
    if values.get("theme", "") not in ("", *THEMES):
        fields["theme"] = [said("There is no such theme.")]
    zone = values.get("time_zone", "")
    if zone and zone not in time_zones():
        fields["time_zone"] = [said("There is no such time zone.")]
    return fields


@cache
def time_zones() -> frozenset[str]:
    """All that an account may name; reading them takes a moment."""
    return frozenset(available_timezones())


def is_language(code: str) -> bool:
    """Whether it could be a language's code; empty: none in particular."""
    return not code or bool(_LANGUAGE.fullmatch(code))


def check_roles(package: Package, kind: str, roles: Mapping[str, Sequence[str]]) -> None:
    """Raises `Invalid` where an account of the kind can't have these roles, each with its departments."""
    fields: dict[str, list[str]] = {}
    for role, departments in roles.items():
        if role not in package.roles:
            known = ", ".join(package.roles)
            fields[role] = [said("The package has no such role; it has {roles}.", roles=known)]
        elif package.roles[role].kind != kind:
            fields[role] = [said("The role isn't for accounts of this kind.")]
        elif unknown := sorted(set(departments) - set(package.departments)):
            fields[role] = [said("The package has no department {departments}.", departments=", ".join(unknown))]
    if fields:
        raise Invalid(said("These roles can't be given."), fields)
