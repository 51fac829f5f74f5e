"""What tickets are found by: a document for each ticket's own text, and one for each note.

On PostgreSQL `words` is a `tsvector` under a GIN index. On SQLite it is a text, which the FTS5 table `search_index`
follows by triggers (migration 0006): `FTS` is that table, as statements name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Text, TypeDecorator, column, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base

#: positions that a tsvector tells apart, and how many it keeps of one word
_LAST_POSITION = 16_383
_POSITIONS = 256


class Words(TypeDecorator[list[str]]):
    """Words in their order, as an index of texts takes them; they are written, never read."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Each database's own type."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        """On their way in. Words are letters and digits, or begin with `=`: nothing in them needs quoting."""
        if dialect.name != "postgresql":
            return " ".join(value or ())
        places: dict[str, list[str]] = {}
        for position, word in enumerate(value or (), start=1):
            at = places.setdefault(word, [])
            if len(at) < _POSITIONS - 1:
                at.append(str(min(position, _LAST_POSITION)))
        return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


class SearchDocument(Base):
    """The words of one text; newer texts have higher ids."""

    __tablename__ = "search_documents"
    __table_args__ = (Index("ix_search_documents_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    #: None: the ticket's own number, subject and text
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    #: customers may find it
    public: Mapped[bool]
    words: Mapped[list[str]] = mapped_column(Words)


#: SQLite's index of `words`; its `rowid` is a document's id
FTS = table("search_index", column("rowid", Integer), column("search_index", Text))
