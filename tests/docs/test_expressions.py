"""What an expression may use of Python is listed whole, and all that is listed is there."""

from __future__ import annotations

import re

from engine.spiff.checking.code import MAX_CODE
from engine.spiff.expressions import Sandbox, Snippet
from engine.spiff.expressions.offered import BUILTINS, FAILURES, FUNCTIONS, MEMBERS, MODULES
from engine.spiff.inspecting import RESERVED
from engine.spiff.running.naming import COUNTERS
from tests.support.documents import ROOT
from tests.unit.spiff.drawing import NOW

PAGE = (ROOT / "docs" / "reference" / "expressions.md").read_text()
ROWS = [set(re.findall(r"`(\w+)`", row.split("|")[2])) for row in PAGE.splitlines() if row.count("|") > 2]


def test_functions_modules_and_members_are_listed_row_by_row() -> None:
    one = MEMBERS["slice(1)"] | MEMBERS["complex(1)"]
    groups = [FUNCTIONS, FAILURES, one, *MODULES.values(), *MEMBERS.values()]
    missing = [group for group in groups if group not in ROWS and not group < one]
    assert missing == []


def test_names_of_iters_own_are_listed() -> None:
    assert any(row == RESERVED | COUNTERS for row in ROWS)


def test_the_limit_of_a_packages_code_is_told() -> None:
    assert f"at most {MAX_CODE:,} characters" in PAGE


def test_the_sandbox_offers_what_is_listed() -> None:
    sandbox = Sandbox()
    members = [f"({value}).{name}" for group in (MEMBERS, MODULES) for value, names in group.items() for name in names]
    listed = sorted([*members, *BUILTINS])
    missing = [what for what in listed if sandbox.execute(_looked_for(what), {}, NOW) != {"found": True}]
    found = sandbox.check([Snippet(f"import datetime, json, math, re\n_ = {what}", "script") for what in listed])
    sandbox.close()
    assert missing == []
    assert found == [[]] * len(listed)


def _looked_for(what: str) -> str:
    """A script that says whether something is there. Some methods can be called, but not looked at."""
    return f"""import datetime, json, math, re
found = True
try:
    _ = {what}
except (AttributeError, NameError):
    try:
        _ = {what}()
    except (AttributeError, NameError):
        found = False
    except (TypeError, LookupError):
        pass
"""
