"""Reading `package.toml`: all problems in one pass, with lines; hostile files quickly."""

from __future__ import annotations

import time
from datetime import time as clock_time

import pytest

from engine.domain.errors import Problem
from engine.domain.package_files import read_package
from engine.domain.packages import Package

GOOD = """\
id = "library"
language = "en"
title = { en = "City library" }
process = "loan"
time_zone = "Europe/London"
calendar = "desk"
number = "L-{year}-{sequence:05}"

[calendars.desk]
hours = { mon = ["09:00-12:00", "13:00-24:00"], sat = ["10:00-12:00"] }
holidays = { country = "GB", subdivision = "ENG" }
closures = ["2026-08-14"]

[[statuses]]
key = "asked"
kind = "waiting_us"
colour = "#112233"
label = { en = "Asked" }

[[statuses]]
key = "done"
kind = "closed"
colour = "#445566"
label = { en = "Done" }

[[request_types]]
key = "loan"
label = { en = "Loan" }

[[departments]]
key = "maps"
label = { en = "Maps" }

[[roles]]
key = "librarian"
label = { en = "Librarian" }
kind = "staff"
sees = "departments"
may = ["note"]

[lanes]
"Front desk" = ["librarian@department", "requester"]

[[notes]]
by = "staff"
expects = "customer"
message = "question"

[[actions]]
key = "renew"
label = { en = "Renew" }
message = "renewed"
roles = ["librarian"]
statuses = ["open", "asked"]

[mail]
from = "Library <desk@example.com>"
"""


def read(text: str) -> tuple[Package | None, list[Problem]]:
    return read_package({"package.toml": text.encode()})


def test_a_good_package_is_read_whole() -> None:
    package, problems = read(GOOD)
    assert problems == []
    assert package is not None
    assert package.lanes == {"Front desk": ("librarian@department", "requester")}
    desk = package.calendars["desk"]
    assert desk.time_zone == "Europe/London"
    assert desk.hours[0] == ((clock_time(9), clock_time(12)), (clock_time(13), clock_time.max))
    assert package.roles["librarian"].may == {"note"}
    assert package.actions["renew"].statuses == ("open", "asked")


@pytest.mark.parametrize(
    ("old", "new", "told", "line"),
    [
        ('language = "en"', 'langage = "en"', "Did you mean `language`", 2),
        ('number = "L-{year}-{sequence:05}"', 'number = "L-{year}"', "{sequence}", 7),
        ('number = "L-{year}-{sequence:05}"', 'number = "{sequence.__class__}"', "{sequence}", 7),
        ('time_zone = "Europe/London"', 'time_zone = "../../etc/passwd"', "time zone", 5),
        ('calendar = "desk"', 'calendar = "dsk"', "Did you mean `desk`", 6),
        ('"09:00-12:00"', '"12:00-09:00"', "12:00-09:00", 10),
        ('"13:00-24:00"', '"11:00-24:00"', "11:00-24:00", 10),
        ('country = "GB"', 'country = "XX"', "holidays", 11),
        ('"2026-08-14"', '"14.8.2026"', "14.8.2026", 12),
        ('kind = "waiting_us"', 'kind = "waiting"', "waiting", 16),
        ('colour = "#112233"', 'colour = "red"', "red", 17),
        ('colour = "#112233"', "colour = 3", "must be a text", 17),
        ('label = { en = "Asked" }', 'label = { it = "Chiesto" }', "language `en`", 18),
        ('key = "done"', 'key = "asked"', "stands twice", 21),
        ('kind = "closed"', 'kind = "open"', "No status has the kind closed", 0),
        ('may = ["note"]', 'may = ["fly"]', "`fly`", 39),
        ('kind = "staff"', 'kind = "customer"', "own_company", 38),
        ('"librarian@department"', '"libarian@department"', "Did you mean `librarian`", 42),
        ('"librarian@department"', '"librarian@maps"', "@department", 42),
        ('"librarian@department", "requester"', "", "no group", 42),
        ('message = "renewed"', 'message = "renewed"\nprocess = "p"', "either", 49),
        ('roles = ["librarian"]', 'roles = ["boss"]', "no role `boss`", 53),
        ('statuses = ["open", "asked"]', 'statuses = ["opn"]', "Did you mean `open`", 54),
        ('statuses = ["open", "asked"]', 'form = "renew"', "forms/renew.form", 54),
        ('from = "Library <desk@example.com>"', 'from = "nobody"', "mail address", 57),
        ('from = "Library <desk@example.com>"', 'from = "a@b.it"\nnote = "n"', "mail/n.txt", 58),
        ('title = { en = "City library" }', 'title = { en = "\\u0000" }', "control characters", 3),
    ],
)
def test_each_problem_is_told_with_its_line(old: str, new: str, told: str, line: int) -> None:
    assert old in GOOD
    package, problems = read(GOOD.replace(old, new, 1))
    assert package is None
    found = [problem for problem in problems if told in f"{problem.problem} {problem.remedy}"]
    assert found, problems
    assert found[0].line == line


def test_hints_for_who_opens_a_ticket_are_read_in_order() -> None:
    package, problems = read(
        f'{GOOD}\n[opening]\nhints = [{{ en = "One book." }}, {{ en = "Its title.", it = "Il titolo." }}]'
    )
    assert problems == []
    assert package is not None
    assert package.opening.hints == ({"en": "One book."}, {"en": "Its title.", "it": "Il titolo."})


@pytest.mark.parametrize(
    ("hints", "told"),
    [
        ('"One book."', "must be a list of texts by language"),
        ('["One book."]', "must hold tables only"),
        ('[{ it = "Un libro." }]', "language `en`"),
        ('[{ en = "" }]', "texts by language code"),
        ("[" + '{ en = "One book." }, ' * 7 + "]", "at most 6"),
        ('[{ en = "' + "x" * 241 + '" }]', "240 characters"),
    ],
)
def test_hints_that_nobody_would_read_are_refused(hints: str, told: str) -> None:
    package, problems = read(f"{GOOD}\n[opening]\nhints = {hints}\n")
    assert package is None
    assert [problem.problem for problem in problems if told in problem.problem], problems
    assert {problem.element for problem in problems} == {"opening.hints"}


def test_all_problems_are_told_in_one_pass() -> None:
    text = GOOD.replace('"#112233"', '"red"').replace('"staff"\nsees', '"stuff"\nsees').replace('"Loan" }', "3 }")
    assert len(read(text)[1]) == 3


@pytest.mark.parametrize(
    "content",
    [b"a=" + b"[" * 90_000, b"a" + b".a" * 45_000 + b"=1", b"[" + b"a." * 45_000 + b"a]", b"a=" + b"9" * 95_000,
     b'"""' * 30_000, b"a=[\n" + b"[\n" * 5_000, b"a = " + b"'" * 95_000, b"x" * 3_000_000, b"\xff\xfe", b"a",
     b"\n".join(b"[a%d.b.c]" % n for n in range(7_000)), b"[[a]]\n" * 16_000, b"a-" * 49_000, b"\0", b"",
     b"\n".join(b"k%d=1" % n for n in range(9_000)), b"a=[\n" + b"1,\n" * 33_000 + b"]"],
)  # fmt: skip
def test_hostile_files_are_refused_within_a_second(content: bytes) -> None:
    start = time.process_time()
    package, problems = read_package({"package.toml": content})
    assert package is None
    assert problems
    assert len(problems) <= 200
    assert time.process_time() - start < 1


ROLES = "".join(
    f'\n[[roles]]\nkey = "r{n}"\nkind = "staff"\nsees = "all"\nlabel = {{ en = "R" }}\n' for n in range(400)
)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace('roles = ["librarian"]', "roles = [\n" + "".join(f'"x{n}",\n' for n in range(4_000)) + "]")
        + ROLES,
        GOOD.replace("[lanes]", "[lanes]\n" + "".join(f'"L{n}" = ["x{n}"]\n' for n in range(2_500))) + ROLES,
    ],
)
def test_thousands_of_unknown_names_are_refused_within_a_second(text: str) -> None:
    start = time.process_time()
    package, problems = read(text)
    assert package is None
    assert len(problems) == 200
    assert time.process_time() - start < 1


def test_a_package_without_its_file_is_refused() -> None:
    assert read_package({})[1][0].file == "package.toml"
