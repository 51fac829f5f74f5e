"""Rules of CONTRIBUTING that can be counted."""

from __future__ import annotations

import ast
import re
from statistics import median

from tests.support.documents import ROOT, python_files

MODULES = python_files("engine", "web")


def test_every_module_opens_with_a_sentence() -> None:
    assert [str(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_modules_are_short() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in MODULES
        if "versions" not in path.parts
    }
    assert {path: count for path, count in lines.items() if count > 400} == {}
    assert median(lines.values()) <= 130


def test_no_word_of_a_company_is_in_python() -> None:
    packages = [path.parent.name for path in (ROOT / "workflows").glob("*/package.toml")]
    assert packages
    words = re.compile("|".join(packages), re.IGNORECASE)
    assert [str(path) for path in MODULES if words.search(path.read_text())] == []


def test_pure_parts_read_no_clock_and_no_randomness() -> None:
    clock = r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time|monotonic)\("
    looks = re.compile(clock + r"|\buuid4\b|^(import|from) (random|secrets|socket)\b", re.MULTILINE)
    pure = python_files("engine/domain", "engine/spiff")
    found = {str(path.relative_to(ROOT)): [match[0] for match in looks.finditer(path.read_text())] for path in pure}
    assert {path: what for path, what in found.items() if what} == {}


def test_nothing_is_skipped() -> None:
    skips = re.compile(r"pytest\.(skip|importorskip|xfail)|mark\.(skip|xfail)")
    this = ROOT / "tests" / "docs" / "test_code_rules.py"
    assert [str(path) for path in python_files("tests") if path != this and skips.search(path.read_text())] == []
