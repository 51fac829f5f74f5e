"""A ticket's fields between its row and what rules and expressions read. No statement here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: fields of a ticket that are columns of the same name
PLAIN = (
    "id", "number", "subject", "text", "status", "request_type", "category", "department", "step", "opened_at",
    "status_since", "status_seconds", "steps_passed",
)  # fmt: skip
#: columns among them that only Iter itself reads
UNSEEN = frozenset({"status_since", "status_seconds", "steps_passed"})
#: fields of a ticket that name another thing by its id: field → column
REFERENCES = {"assignee": "assignee_id", "requester": "requester_id", "company": "company_id"}


def ticket_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket's fields, flat, from its columns."""
    fields = {name: row[name] for name in PLAIN}
    return dict(row["fields"]) | fields | {name: row[column] for name, column in REFERENCES.items()}
