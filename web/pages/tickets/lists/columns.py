"""The columns of a list of tickets: what each is called, and by what it is sorted. The table and the CSV show them."""

from __future__ import annotations

from dataclasses import dataclass

from web.pages.frame import N_


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its key is also the name of its order. `first`: a minus where one wants the greatest first."""

    key: str
    label: str
    first: str = ""


_NUMBER, _SUBJECT = Column("number", N_("Number")), Column("subject", N_("Subject"))
_COMPANY, _OPENED_BY = Column("company", N_("Customer")), Column("opened_by", N_("Opened by"))
_TYPE, _STATUS = Column("request_type", N_("Type")), Column("status", N_("Status"))
_ASSIGNEE, _DEADLINE = Column("assignee", N_("Assigned to")), Column("deadline", N_("Deadline"))
_CHANGED, _OPENED = Column("changed_at", N_("Last change"), "-"), Column("opened_at", N_("Opened"), "-")

#: as on the page, where two that belong together share a column
SHOWN = (
    (_NUMBER,), (_SUBJECT,), (_COMPANY, _OPENED_BY), (_TYPE,), (_STATUS,), (_ASSIGNEE,), (_DEADLINE,),
    (_CHANGED, _OPENED),
)  # fmt: skip
#: what a list can be sorted by
SORTED = tuple(column for group in SHOWN for column in group)
#: as in a CSV file, which has room for more
EXPORTED = (
    _NUMBER, _COMPANY, Column("requester", N_("Requester")), _SUBJECT, _TYPE, Column("category", N_("Category")),
    Column("department", N_("Department")), _OPENED_BY, _ASSIGNEE, _OPENED, _DEADLINE, _STATUS, _CHANGED,
    Column("closed_at", N_("Closed at")),
)  # fmt: skip
