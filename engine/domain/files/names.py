"""What a file may be called when it is offered for saving: one plain name on any system, in any script."""

from __future__ import annotations

import re
import unicodedata

#: characters; and bytes of UTF-8, which is what file systems count
LONGEST = 120
LONGEST_BYTES = 200
NAMELESS = "file"
#: no name on Windows, and quotes and slashes elsewhere
_UNFIT = re.compile(r'[<>:"|?*\\/]')
#: joins letters where scripts need it; all other characters that can't be seen only mislead, as U+202E does
_JOINERS = "\u200c\u200d"
#: devices on Windows, whatever their ending
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def clean_name(given: str) -> str:
    """The last part of a path without what can't be seen or saved, shortened before its ending."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", given.rstrip("\\/ "))[-1])
    name = _UNFIT.sub("_", "".join(character for character in name if _is_seen(character)))
    name = " ".join(name.split()).strip(". ")
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    return _shortened(name) or NAMELESS


def ending_of(name: str) -> str:
    """`png` of `Photo.PNG`; empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def _is_seen(character: str) -> bool:
    """No control, no direction, no half of a pair, nothing unassigned; white space becomes blanks later."""
    return character in _JOINERS or character.isspace() or unicodedata.category(character)[0] != "C"


def _shortened(name: str) -> str:
    ending = name[name.rfind(".") :] if ending_of(name) else ""
    if len(ending.encode()) > LONGEST_BYTES // 4:
        ending = ""
    stem = name[: len(name) - len(ending)][: LONGEST - len(ending)]
    while len((stem + ending).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(". ") + ending
