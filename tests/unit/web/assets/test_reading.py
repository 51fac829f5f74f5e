"""How numbers and days are read and written in the browser, by language; told by the script itself, run by Node."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.support.processes import ROOT

SCRIPT = ROOT / "web" / "assets" / "js" / "_reading.js"


def told(language: str, function: str, *arguments: Any) -> Any:
    """What a function of the script gives on a page in that language."""
    program = f"""
        globalThis.document = {{ documentElement: {{ lang: {json.dumps(language)} }} }};
        const script = await import({json.dumps(SCRIPT.as_uri())});
        process.stdout.write(JSON.stringify(script.{function}(...{json.dumps(arguments)})));
    """
    node = [ROOT / ".venv" / "bin" / "node", "--input-type=module", "-e", program]
    ran = subprocess.run(node, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("it", "1234,5", 1234.5), ("it", "1.234,5", 1234.5), ("it", "1.234", 1234), ("it", "12.5", 12.5),
        ("it", "1 234", 1234), ("it", "-3", -3), ("it", "1.234.567", 1234567), ("en", "1234.5", 1234.5),
        ("en", "1,234.50", 1234.5), ("en", "1,234", 1234), ("en", "12,5", 12.5), ("de", "1'234,5", 1234.5),
        ("fa", "۱۲۳۴٫۵", 1234.5), ("fa", "۱٬۲۳۴", 1234), ("en", "", None), ("en", "  ", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written_in_the_language(language: str, typed: str, number: float | None) -> None:
    assert told(language, "readNumber", typed) == number


@pytest.mark.parametrize("typed", ["12a", "1.23.4", "--1", "1e3", "ten", "1,2,3", "."])
def test_what_is_no_number_stays_the_text_that_was_typed(typed: str) -> None:
    assert told("en", "readNumber", typed) == typed


@pytest.mark.parametrize(("language", "shown"), [("it", "1234,5"), ("en", "1234.5"), ("fa", "۱۲۳۴٫۵")])
def test_a_number_is_written_without_groups(language: str, shown: str) -> None:
    assert told(language, "writeNumber", 1234.5) == shown


@pytest.mark.parametrize(
    ("language", "typed", "day"),
    [
        ("it", "27/03/2026", "2026-03-27"), ("it", "7.3.26", "2026-03-07"), ("it", "2026-03-27", "2026-03-27"),
        ("en", "27/3/2026", "2026-03-27"), ("en", "27 3 2026", "2026-03-27"), ("hu", "2026. 03. 27.", "2026-03-27"),
        ("it", "29/02/2028", "2028-02-29"), ("it", "", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written_in_the_language(language: str, typed: str, day: str | None) -> None:
    assert told(language, "readDay", typed) == day


@pytest.mark.parametrize("typed", ["31/02/2026", "29/02/2026", "27/03", "domani", "2026-13-01", "1/2/3/4"])
def test_what_is_no_day_stays_the_text_that_was_typed(typed: str) -> None:
    assert told("it", "readDay", typed) == typed


def test_a_day_is_written_in_digits_and_in_words() -> None:
    assert told("it", "writeDay", "2026-03-07") == "07/03/2026"
    assert told("en", "writeDay", "2026-03-07") == "07/03/2026"
    assert told("it", "sayDay", "2026-03-07") == "sabato 7 marzo 2026"
    assert told("it", "sayDay", "nonsense") == ""
    words = {"day": "gg", "month": "mm", "year": "aaaa"}
    assert told("it", "dayPattern", words) == "gg/mm/aaaa"


def test_the_time_is_told_in_the_readers_zone() -> None:
    assert told("it", "sayTime", "2026-03-27T11:03:00+00:00", "Europe/Rome") == "12:03"
