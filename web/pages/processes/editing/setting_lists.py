"""The lists of `package.toml` as they are called and edited: statuses, categories, fields, roles and their like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from web.pages.frame import N_

STATUS_KINDS = {
    "open": N_("being worked on"),
    "waiting_us": N_("waiting for us"),
    "waiting_customer": N_("waiting for the customer"),
    "closed": N_("ended well"),
    "cancelled": N_("called off"),
}
FIELD_TYPES = {
    "text": N_("text"),
    "number": N_("number"),
    "boolean": N_("yes or no"),
    "date": N_("day"),
    "datetime": N_("day and time"),
    "choice": N_("one of a list"),
}
ROLE_KINDS = {"staff": N_("works here"), "customer": N_("is a customer")}
SEES = {
    "own_company": N_("sees the tickets of their company"),
    "departments": N_("sees the tickets of their departments"),
    "all": N_("sees all tickets"),
}
PERMISSIONS = {
    "open_ticket": N_("opens tickets"),
    "open_ticket_for": N_("opens tickets for customers"),
    "note": N_("writes notes"),
    "note_internal": N_("writes internal notes"),
    "decide": N_("decides for colleagues"),
    "hand_over": N_("hands tasks over"),
    "edit_policy": N_("edits service levels"),
    "deploy": N_("deploys"),
    "operate": N_("looks after incidents and mails"),
    "accounts": N_("looks after people"),
    "publish": N_("sends messages to any process"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a row: its key in the file, how it is edited, and what may be chosen."""

    name: str
    title: str
    kind: Literal["key", "label", "colour", "one", "many", "rows"]
    options: Mapping[str, str] = field(default_factory=dict)
    #: what counts where the file says nothing
    default: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of the file; how it looks to who will read it; and its rows."""

    name: str
    title: str
    about: str
    #: what the button says that adds one
    add: str
    look: Literal["badges", "choices", "line", "fields", "people"]
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]] = field(default_factory=list)


#: what a row of something to choose from has
CHOICE = (Column("label", N_("Name"), "label"), Column("key", N_("Key"), "key"))


def listings(say: Callable[[str], str], roles: Mapping[str, str]) -> list[Listing]:
    """All of them without rows, in the order of the page, what can be chosen in the reader's language (`say`).

    `roles`: those that the file has, with their names.
    """
    label, key = CHOICE

    def named(options: Mapping[str, str]) -> dict[str, str]:
        return {key: say(text) for key, text in options.items()}

    seers = named({"customer": N_("customers"), "staff": N_("staff")})
    seers |= {role: name for role, name in roles.items() if role not in seers}
    return [
        Listing(
            "statuses",
            N_("Statuses"),
            N_("How a ticket stands. One at least has to be of the kind “closed”."),
            N_("One more status"),
            "badges",
            (
                label,
                Column("colour", N_("Colour"), "colour"),
                Column("kind", N_("Kind"), "one", named(STATUS_KINDS)),
                key,
            ),
        ),
        Listing(
            "request_types",
            N_("Request types"),
            N_("What a request is. It stands beside the status."),
            N_("One more request type"),
            "choices",
            CHOICE,
        ),
        Listing(
            "categories",
            N_("Categories"),
            N_("What a ticket is about. Decision tables ask for it by its key."),
            N_("One more category"),
            "choices",
            CHOICE,
        ),
        Listing(
            "fields",
            N_("Fields of tickets"),
            N_("What is known of a ticket beside what every ticket has."),
            N_("One more field"),
            "fields",
            (
                label,
                Column("type", N_("Type"), "one", named(FIELD_TYPES)),
                Column("visible_to", N_("Who sees it"), "many", seers, ("staff",)),
                Column("given_by", N_("Who may give it on opening"), "many", seers),
                Column("choices", N_("To choose from"), "rows"),
                key,
            ),
        ),
        Listing(
            "departments",
            N_("Departments"),
            N_("Who works on tickets together."),
            N_("One more department"),
            "choices",
            CHOICE,
        ),
        Listing(
            "roles",
            N_("Roles"),
            N_("What people are here, what they see and what they may do."),
            N_("One more role"),
            "people",
            (
                label,
                Column("kind", N_("Kind"), "one", named(ROLE_KINDS)),
                Column("sees", N_("Sees"), "one", named(SEES)),
                Column("may", N_("May do"), "many", named(PERMISSIONS)),
                key,
            ),
        ),
        Listing(
            "steps",
            N_("Steps that customers see"),
            N_("The line above a customer's ticket, in this order."),
            N_("One more step"),
            "line",
            CHOICE,
        ),
        Listing(
            "goals",
            N_("Promises"),
            N_("What the goals of the service levels are called."),
            N_("One more promise"),
            "choices",
            CHOICE,
        ),
    ]
