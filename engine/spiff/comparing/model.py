"""What a comparison gives: by file, by what is in it, in words. How files are compared isn't known here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: changes of one file, words of one change, and lines of one text that are told; the others are counted
MOST_CHANGES = 1_000
MOST_WORDS = 20
MOST_LINES = 200

#: moved: it only stands elsewhere, in the drawing or in its list
ChangeKind = Literal["added", "changed", "removed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in a file that isn't the same."""

    kind: ChangeKind
    #: as BPMN, DMN or form-js name it (userTask, rule, textfield); `setting` in package.toml, `text` in translations
    type: str
    #: of the element, field or rule; the dotted key of a setting; the text that is translated
    id: str
    #: what people call it: its name, else from where to where it goes, else its id
    label: str
    #: what isn't the same, in words
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file that isn't the same. With neither changes nor text, it only is written in another way."""

    path: str
    kind: Literal["added", "changed", "removed"]
    #: of a changed file, what is in the newer one in its order, then what was removed
    changes: tuple[Change, ...] = ()
    #: lines of a unified difference, for what is read as text
    text: tuple[str, ...] = ()
    #: changes or lines beyond those that are told
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Differences:
    """The files that aren't the same, by path."""

    files: tuple[FileDifference, ...] = ()
