"""Liquid as mails may use it: closed lists of tags and filters, strict names, limits. What mails say isn't here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import wraps
from typing import Any, ClassVar

from liquid import Environment
from liquid.exceptions import FilterArgumentError, ResourceLimitError
from liquid.undefined import FalsyStrictUndefined, is_undefined
from markupsafe import Markup

from engine.domain.rich_text import to_html
from engine.domain.said import said

#: `include` and `render` would read files; the others aren't needed in a mail
TAGS = ("#", "assign", "break", "case", "comment", "content", "continue", "for", "if", "illegal", "output", "unless")
#: `safe` would let a customer's words be HTML, `replace` and `times` multiply sizes, and the library's `date` reads
#: the clock
FILTERS = (
    "append", "capitalize", "default", "downcase", "escape", "first", "join", "last", "minus", "newline_to_br", "plus",
    "prepend", "round", "size", "strip", "strip_newlines", "truncate", "truncatewords", "upcase", "url_encode",
)  # fmt: skip

#: filters that one mail may use, each turn of a loop counted; characters of what one of them makes
MOST_FILTERS, LONGEST = 20_000, 200_000
_spent: ContextVar[list[int]] = ContextVar("filters spent")


class MissingValue(FalsyStrictUndefined):
    """A name without a value: it may be asked for (`if`, `default`), not written."""

    force_liquid_default = True


class MailEnvironment(Environment):
    """Liquid with limits: a mail is small, and written by people who mean well and err."""

    block_nesting_limit: ClassVar[int] = 20
    context_depth_limit: ClassVar[int] = 20
    loop_iteration_limit: ClassVar[int | None] = 1_000
    local_namespace_limit: ClassVar[int | None] = 200_000
    #: bytes
    output_stream_limit: ClassVar[int | None] = 500_000

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Only what is listed above."""
        super().setup_tags_and_filters(extra=False)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: work for name, work in self.filters.items() if name in FILTERS}
        self.add_filter("date", format_date)
        for name, work in self.filters.items():
            self.filters[name] = _limited(work)


@contextmanager
def budget() -> Iterator[None]:
    """For one rendering: so many filters in all, whatever loops they stand in; counted, for no clock is read here."""
    spent = _spent.set([0])
    try:
        yield
    finally:
        _spent.reset(spent)


def _limited(work: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that counts, and makes no text longer than a mail's: neither from one value nor from many."""

    @wraps(work)
    def limited(value: Any, *arguments: Any, **named: Any) -> Any:
        spent = _spent.get()
        spent[0] += 1
        parts = value if isinstance(value, list | tuple) else ()
        long = sum(len(one) for one in (*parts, *arguments) if isinstance(one, str))
        joined = len(parts) * max((len(one) for one in arguments if isinstance(one, str)), default=0)
        if spent[0] > MOST_FILTERS or long + joined > LONGEST:
            raise ResourceLimitError(said("it takes too long, or becomes too long"), token=None)
        made = work(value, *arguments, **named)
        if isinstance(made, str) and len(made) > LONGEST:
            raise ResourceLimitError(said("it takes too long, or becomes too long"), token=None)
        return made

    return limited


def format_date(value: Any, pattern: Any = "%d/%m/%Y") -> str:
    """A date or instant as the pattern says (`strftime`); ISO texts are read; what is missing is empty."""
    if value is None or is_undefined(value) or value == "":
        return ""
    try:
        moment = value if isinstance(value, date) else _parse(str(value))
        return moment.strftime(str(pattern))
    except ValueError as error:
        raise FilterArgumentError(said("“{value}” isn't a date", value=str(value)[:60]), token=None) from error


def _parse(text: str) -> datetime:
    if len(text) <= len("2026-03-27"):
        return datetime.combine(date.fromisoformat(text), time())
    return datetime.fromisoformat(text)


def rich(value: Any) -> Markup:
    """What somebody wrote in Markdown, as HTML that is safe in a mail."""
    return Markup("" if value is None else to_html(str(value)))  # noqa: S704 - cleaned


PLAIN = MailEnvironment(undefined=MissingValue)
HTML = MailEnvironment(undefined=MissingValue, autoescape=True)
#: in HTML alone: the plain part is the Markdown as it was written
HTML.add_filter("rich", rich)
