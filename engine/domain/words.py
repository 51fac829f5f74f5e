"""The words that texts are found by: the same for what is written and for what is searched. Pure.

Small letters without accents; what is neither letter nor digit parts them: `MR-2026-00012, Perché` is
`mr 2026 00012 perche`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

#: words of one text, and characters of one word, that count
MOST_WORDS = 15_000
LONGEST_WORD = 60
#: words of a query that count: more of them find nothing better
MOST_ASKED = 12
#: a shorter word of a query is meant as it stands; from here on it is the beginning of one
SHORTEST_PREFIX = 2

#: the word that texts have which customers may read; `=` is in no word that can be asked for
PUBLIC = "=public"

_WORD = re.compile(r"[^\W_]+")
_PHRASE = re.compile(r'"([^"]*)"')

#: words that say nothing of what a text is about, in the languages that people write here (folded)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        a ad agli ai al alla alle allo anche c che chi ci come con cosa cui d da dagli dai dal dalla dalle dei del
        della delle dello di dove e ed era essere fa fare gli ha hai hanno ho i il in io l la le lei lo loro ma mi mia
        mio ne negli nei nel nella nelle nello noi non nostra nostro o per perche piu po pu puo qual quale quando
        quanto questa questo qui se sei senza si siamo sono su sugli sui sul sulla sulle suo sua tra fra tutti tutto un
        una uno va vi voi buongiorno buonasera salve ciao grazie saluti cordiali prego favore
        about after all also am an and any are as at be been but by can could did do does for from get had has have he
        her his how if into is it its me my no not of on or our please she so some than that the their them then there
        they this to us was we were what when where which who why will with would you your hello dear thanks thank
        regards
        """,
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for, in plain words: all of it must be found in one text."""

    #: words that something must begin with
    beginnings: tuple[str, ...] = ()
    #: words, or several in a row, that must stand there as they are
    phrases: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.beginnings or self.phrases)


def words(text: str) -> list[str]:
    """The words of a text, in their order."""
    return [word[:LONGEST_WORD] for word in islice(_words(text), MOST_WORDS)]


def asked(query: str) -> Asked:
    """Reads a query: words, or "several in a row" between quotes. Nothing is an operator, and nothing is wrong."""
    phrases = [tuple(words(part)[:MOST_ASKED]) for part in _PHRASE.findall(query)]
    single = words(_PHRASE.sub(" ", query))[:MOST_ASKED]
    short = [(word,) for word in single if len(word) < SHORTEST_PREFIX]
    beginnings = (word for word in single if len(word) >= SHORTEST_PREFIX)
    wanted = [phrase for phrase in (*phrases, *short) if phrase][:MOST_ASKED]
    return Asked(tuple(dict.fromkeys(beginnings)), tuple(dict.fromkeys(wanted)))


def document(number: str, subject: str, text: str, company: int | None, public: bool = True) -> list[str]:
    """The words that a ticket's text, or a note's, is found by: the ticket's number and subject are in each.

    A number's zeros may be left out. The first words, which nobody can ask for, say whom the text is for.
    """
    whom = [mark for mark, fits in ((company_mark(company), company is not None), (PUBLIC, public)) if fits]
    numbers = words(number)
    short = [word.lstrip("0") for word in numbers if word.isdigit() and word.startswith("0")]
    return [*whom, *numbers, *filter(None, short), *words(subject), *words(text)]


def company_mark(company: int | None) -> str:
    """The word that all texts of a company's tickets have."""
    return f"=c{company}"


def telling(text: str, most: int = 8) -> list[str]:
    """The words that say most of what a text is about, in their order: long ones, none of those in every sentence."""
    found = dict.fromkeys(word for word in words(text) if len(word) >= SHORTEST_PREFIX and word not in _COMMON)
    kept = set(sorted(found, key=len, reverse=True)[:most])
    return [word for word in found if word in kept]


def stem(word: str) -> str:
    """What a word shares with its other forms, roughly: `fatturazione`, `fatture` and `fattura` begin alike."""
    return word[: max(4, len(word) - 2)] if not word.isdigit() else word


def likeness(one: Iterable[str], other: str) -> float:
    """How much of the words stands in another text, 0 to 1; long words count for more."""
    stems = [stem(word) for word in one]
    there = words(other)
    found = [s for s in stems if any(word.startswith(s) for word in there)]
    return sum(map(len, found)) / max(1, sum(map(len, stems)))


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(_folded(text)))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
