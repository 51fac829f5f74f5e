"""Stand-ins for the people and texts of a ticket: the same for the same, wherever it comes again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.domain.forms.values import FieldRules, problem_of, read_value
from engine.domain.packages import Role
from engine.domain.ticket_fields import accept
from engine.spiff.retelling.literals import literals_of
from engine.spiff.versions import PackageVersion

#: values that are days, instants and durations, whoever they are about
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d[\d:.]*(Z|[+-]\d\d:?\d\d)?)?|-?P(?=\D*\d)[\dTYMWDHS.]{1,30}", re.ASCII)
#: built-in fields of a ticket that hold what somebody wrote, and whom it names
_TEXTS, _PEOPLE = ("subject", "text"), ("assignee", "requester")


class Disguise:
    """What is told instead of what was. Choices, numbers, yes and no, days and instants stay as they are.

    `people`: the accounts that the ticket names. `known`: stand-ins that are settled, such as that of its number.
    """

    def __init__(self, version: PackageVersion, people: Mapping[int, Actor], known: Mapping[str, str]) -> None:
        self.version, self.package = version, version.package
        self._people, self._literals = people, literals_of(version)
        self._texts = dict(known)
        self._named: dict[int, str] = {}
        self._companies: dict[int | None, int] = {}
        self._invented = 0

    def person(self, account_id: Any) -> str | None:
        """Somebody's stand-in; None for nobody."""
        if not isinstance(account_id, int) or account_id not in self._people:
            return None
        return self._named.setdefault(account_id, f"Person {len(self._named) + 1}")

    def doer(self, account_id: Any) -> str | None:
        """Who did something; None for the system, and for staff that has no role in the package (any more)."""
        actor = self._people.get(account_id)
        if actor is None or (actor.kind == "staff" and not actor.roles(self.package)):
            return None
        return self.person(account_id)

    def given(self) -> dict[str, dict[str, Any]]:
        """All people that were named so far, as a scenario is given them."""
        return {name: self._given(self._people[account_id]) for account_id, name in self._named.items()}

    def text(self, value: str, rules: FieldRules | None = None) -> str:
        """Another text in place of one; where a form has rules for it, one that keeps to them if that can be done."""
        if not value.strip() or value in self._literals.texts:
            return value
        known = self._texts.get(value)
        if known is None or not _keeps(rules, known):
            known = next((text for text in self._inventions(value) if _keeps(rules, text)), _shape(value))
            self._texts[value] = known
        return known

    def answers(self, form_name: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """What somebody answered to a form; what was left empty isn't told."""
        form = self.version.forms.get(form_name)
        rules = {field.key: field.rules for field in form.fields} if form else {}
        told = {key: self._answer(rules.get(key), value) for key, value in data.items()}
        return {key: value for key, value in told.items() if value is not None}

    def fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Fields of a ticket."""
        return {name: self._field(name, value) for name, value in fields.items()}

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What came from outside, of which no form says what it is."""
        return {self._key(key): self._value(value) for key, value in data.items()}

    def _answer(self, rules: FieldRules | None, value: Any) -> Any:
        if rules is None:
            return self._value(value)
        if rules.account:
            return self.person(value)
        return self.text(value, rules) if rules.type in ("textfield", "textarea") and isinstance(value, str) else value

    def _field(self, name: str, value: Any) -> Any:
        if name in _PEOPLE:
            return self.person(value)
        known = self.package.fields.get(name)
        if name in _TEXTS or (known is not None and known.type == "text") or not self._fits(name, value):
            return self._value(value)
        return value

    def _fits(self, name: str, value: Any) -> bool:
        """Whether the field takes it today; a text stands in one that was a text when it was written."""
        try:
            accept(self.package, name, value)
        except Invalid:
            return False
        return True

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return value if _TIME.fullmatch(value) else self.text(value)
            case Mapping():
                return self.values(value)
            case list() | tuple():
                return [self._value(item) for item in value]
        return value

    def _key(self, key: str) -> str:
        return key if key in self._literals.names else self.text(key)

    def _inventions(self, value: str) -> Iterator[str]:
        self._invented += 1
        number = self._invented
        yield f"Text {number}"
        yield (f"Text {number} " * (len(value) // 6 + 1))[: len(value)]
        yield f"person{number}@example.com"
        yield f"+39 555 {number:04}"
        yield _shape(value)

    def _given(self, actor: Actor) -> dict[str, Any]:
        roles = [role.key for role in actor.roles(self.package)] or [self._any_role(actor).key]
        told: dict[str, Any] = {"role": roles[0] if len(roles) == 1 else roles}
        here = (member for member in actor.memberships if member.package == self.package.id)
        departments = {department for member in here for department in member.departments}
        if departments:
            told["departments"] = sorted(departments & self.package.departments.keys())
        if actor.kind == "customer":
            told["company"] = self._companies.setdefault(actor.company, len(self._companies) + 1)
        return told

    def _any_role(self, actor: Actor) -> Role:
        roles = list(self.package.roles.values())
        return next((role for role in roles if role.kind == actor.kind), roles[0])


def _keeps(rules: FieldRules | None, text: str) -> bool:
    return rules is None or not (read_value(rules, text)[1] or problem_of(rules, text, None))


def _shape(value: str) -> str:
    """Letters and digits are gone; what is left says how it was written: `AB-12` becomes `XX-00`."""
    return "".join(map(_masked, value))


def _masked(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isascii() and not character.isalpha():
        return character
    return "X" if character.isupper() else "x"
