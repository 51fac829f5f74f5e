"""Finding tickets by their words: all the words of a query, in the ticket's own text or in one of its notes.

A query in plain words (`engine.domain.words.asked`) becomes one of FTS5's or PostgreSQL's; nothing that people type
is an operator there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, false, literal, literal_column, or_, select, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

from engine.domain.words import PUBLIC, asked, company_mark
from engine.queries.reading import Reader
from engine.queries.visibility import visible_tickets
from engine.storage.tables import Involvement, SearchDocument, Ticket
from engine.storage.tables.tickets.search import FTS

#: of more texts that fit, the newest count
MOST_TEXTS = 500
#: tickets of other companies that involve a customer, of which the newest are searched
MOST_FOREIGN = 200

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What must stand in a text: all of the first three, and all words of one of `any_of`."""

    beginnings: Sequence[str] = ()
    phrases: Sequence[Sequence[str]] = ()
    marks: Sequence[str] = ()
    any_of: Sequence[Sequence[str]] = ()

    def marked(self, mark: str) -> Terms:
        """The same, in texts with this mark."""
        return replace(self, marks=(*self.marks, mark))

    def fts5(self) -> str:
        """As FTS5 asks; every word is quoted."""
        parts = [f'"{mark}"' for mark in self.marks]
        parts += ['"' + " ".join(phrase) + '"' for phrase in self.phrases]
        parts += [f'"{word}" *' for word in self.beginnings]
        return _joined(parts, " AND ", " OR ", [[f'"{word}" *' for word in words] for words in self.any_of])

    def tsquery(self) -> str:
        """As PostgreSQL asks; every word is quoted."""
        parts = [f"'{mark}'" for mark in self.marks]
        parts += ["(" + " <-> ".join(f"'{word}'" for word in phrase) + ")" for phrase in self.phrases]
        parts += [f"'{word}':*" for word in self.beginnings]
        return _joined(parts, " & ", " | ", [[f"'{word}':*" for word in words] for words in self.any_of])


def matching(
    reader: Reader, query: str, where: Iterable[ColumnElement[bool]] = (), most: int | None = MOST_TEXTS
) -> Select[Any]:
    """The tickets (`ticket_id`, some several times) that the reader sees, and of whose texts one fits the query.

    Of the texts the newest `most`, or all. `where` narrows `Ticket`.
    """
    wanted = asked(query)
    if not wanted:
        return select(Ticket.id.label("ticket_id")).where(false())
    return found(reader, Terms(wanted.beginnings, wanted.phrases), list(where), most)


def found(reader: Reader, terms: Terms, where: Conditions, most: int | None) -> Select[Any]:
    """The tickets of the newest texts that fit and that the reader may read."""
    if reader.sees_everything:
        return _newest(reader, terms, where, most)
    staffed = [key for key, package in reader.packages.items() if reader.is_staff(package)]
    readable = [or_(SearchDocument.public, Ticket.package_id.in_(staffed)), *where, visible_tickets(reader)]
    company = reader.actor.company
    if staffed or company is None:
        return _newest(reader, terms if staffed else terms.marked(PUBLIC), readable, most)
    # a customer: the company's own by the index of words, and what else involves them looked at one by one
    public = terms.marked(PUBLIC)
    own = _newest(reader, public.marked(company_mark(company)), readable, most)
    foreign = _foreign(reader, company)
    if not foreign:
        return own
    others = _newest(reader, public, [*readable, SearchDocument.ticket_id.in_(foreign)], most, few=True)
    return select(union_all(*(part.subquery().select() for part in (own, others))).subquery().c.ticket_id)


def _newest(
    reader: Reader, terms: Terms, conditions: Conditions, most: int | None, *, few: bool = False
) -> Select[Any]:
    """The tickets of the newest texts; `few`: the conditions leave few texts, and each is looked up."""
    texts = select(SearchDocument.ticket_id.label("ticket_id")).join(Ticket, Ticket.id == SearchDocument.ticket_id)
    if reader.tx.dialect.name == "postgresql":
        fits = SearchDocument.words.op("@@")(cast(literal(terms.tsquery()), TSQUERY))
        newest = SearchDocument.id.desc()
    else:
        # the plus keeps SQLite from looking texts up, in place of reading what the index of words gives
        rowid = FTS.c.rowid if few else literal_column("+search_index.rowid")
        texts = texts.join(FTS, SearchDocument.id == rowid)
        fits = FTS.c.search_index.op("MATCH")(terms.fts5())
        newest = SearchDocument.id.desc() if few else FTS.c.rowid.desc()
    return texts.where(fits, *conditions).order_by(newest).limit(most).correlate(None)


def _foreign(reader: Reader, company: int) -> list[int]:
    """Tickets that involve a customer although they aren't their company's: seldom any. Asked for once."""
    if "foreign tickets" not in reader.known:
        involving = (
            select(Ticket.id)
            .join(Involvement, Involvement.ticket_id == Ticket.id)
            .where(Involvement.account_id == reader.actor.id)
            .where(or_(Ticket.company_id.is_(None), Ticket.company_id != company))
            .order_by(Ticket.id.desc())
            .limit(MOST_FOREIGN)
        )
        reader.known["foreign tickets"] = list(reader.tx.execute(involving).scalars())
    kept: list[int] = reader.known["foreign tickets"]
    return kept


def _joined(parts: list[str], every: str, some: str, any_of: list[list[str]]) -> str:
    if any_of:
        parts.append("(" + some.join(f"({every.join(words)})" for words in any_of) + ")")
    return every.join(parts)
