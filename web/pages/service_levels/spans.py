"""Working time in people's words: "5 working days", "3 ore", "1 giorno e 4 ore"; ISO 8601 is understood as well."""

from __future__ import annotations

import re
from datetime import timedelta

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.time.durations import WorkingDuration
from web.pages.frame import N_
from web.texts import say, say_number

#: what a unit is called, to be translated; read without regard to case
_DAYS, _HOURS, _MINUTES = N_("days, day, d"), N_("hours, hour, h"), N_("minutes, minute, min, m")
#: words that say nothing more
_ASIDE = N_("working, and, of, work")
#: characters; what is longer is no duration that people write
LONGEST = 100
_PART = re.compile(r"(\d+)\s*([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+")


def written(iso: str, language: str) -> str:
    """A working duration in words; as it stands where it isn't one."""
    try:
        span = WorkingDuration.parse(iso)
    except Invalid:
        return iso
    minutes = int(span.time / timedelta(minutes=1))
    parts = [
        say_number("{n} working day", "{n} working days", span.days, language) if span.days else "",
        say_number("{n} working hour", "{n} working hours", minutes // 60, language) if minutes >= 60 else "",
        say_number("{n} working minute", "{n} working minutes", minutes % 60, language) if minutes % 60 else "",
    ]
    return ", ".join(filter(None, parts))


def read(text: str, language: str) -> str:
    """Words as a working duration of ISO 8601. Raises `Invalid` where they say none."""
    plain = text.strip()
    if len(plain) > LONGEST:
        raise Invalid(said("Write it like 5 days, 3 hours, or 1 day 4 hours."))
    try:
        WorkingDuration.parse(plain.upper())
    except Invalid:
        return _read_words(plain.lower(), language)
    return plain.upper()


def _read_words(text: str, language: str) -> str:
    counts = {"D": 0, "H": 0, "M": 0}
    units = {
        word: unit
        for unit, words in zip("DHM", (_DAYS, _HOURS, _MINUTES), strict=True)
        for word in _list(words, language)
    }
    aside = set(_list(_ASIDE, language)) - units.keys()
    bare = _WORD.sub(lambda word: "" if word[0] in aside else word[0], text)
    parts = _PART.findall(bare)
    left = re.sub(r"[\s,.]", "", _PART.sub("", bare))
    if not parts or left or any(unit not in units for _, unit in parts):
        raise Invalid(said("Write it like 5 days, 3 hours, or 1 day 4 hours."))
    for count, unit in parts:
        counts[units[unit]] += int(count)
    time = "".join(f"{counts[unit]}{unit}" for unit in "HM" if counts[unit])
    iso = "P" + (f"{counts['D']}D" if counts["D"] else "") + (f"T{time}" if time else "")
    WorkingDuration.parse(iso)
    return iso


def _list(words: str, language: str) -> list[str]:
    """The words in both languages: who reads Italian may still write "5 d"."""
    return [word.strip().lower() for text in (words, say(words, language)) for word in text.split(",")]
