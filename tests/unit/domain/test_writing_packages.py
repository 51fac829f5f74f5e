"""Lists of `package.toml` written row by row: what they say is as wanted, and nothing else has changed."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import Invalid
from engine.domain.package_files.writing import rewrite

MRDOC = Path("workflows/mrdoc/package.toml").read_bytes()
FILES = [path.read_bytes() for path in sorted(Path().glob("**/package.toml")) if "node_modules" not in path.parts]
LISTS = ("statuses", "request_types", "categories", "fields", "departments", "roles", "steps", "goals")


def rows_of(content: bytes, name: str) -> list[dict]:
    return [{"was": at, **row} for at, row in enumerate(tomllib.loads(content.decode()).get(name, []))]


def lines(content: bytes) -> list[str]:
    return content.decode().splitlines()


@pytest.mark.parametrize("content", FILES)
def test_rows_that_say_the_same_leave_every_byte(content: bytes) -> None:
    assert rewrite("package.toml", content, {name: rows_of(content, name) for name in LISTS}) == content


def test_a_changed_cell_changes_its_line_alone() -> None:
    rows = rows_of(MRDOC, "statuses")
    rows[1]["colour"] = "#000000"
    before, after = lines(MRDOC), lines(rewrite("package.toml", MRDOC, {"statuses": rows}))
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ('colour = "#6d28d9"', 'colour = "#000000"')
    ]


def test_a_new_row_stands_before_the_next_heading_and_takes_nothing_away() -> None:
    rows = [*rows_of(MRDOC, "statuses"), {"key": "new", "label": {"it": 'Un "nuovo"', "en": "New"}}]
    after = lines(rewrite("package.toml", MRDOC, {"statuses": rows}))
    at = after.index('key = "new"')
    assert after[at - 2 : at + 4] == [
        "", "[[statuses]]", 'key = "new"', 'label = { it = "Un \\"nuovo\\"", en = "New" }', "",
        lines(MRDOC)[at - 1],
    ]  # fmt: skip
    assert [line for line in after if line not in after[at - 2 : at + 2]] == [
        line for line in lines(MRDOC) if line not in after[at - 2 : at + 2]
    ]


COMMENTED = """[[a]]
key = "1"

# the second
[[a]]
key = "2"
[[b]]
key = "x"
# and the third
[[a]]
key = "3"
"""


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([1, 2], '# the second\n[[a]]\nkey = "2"\n[[a]]\nkey = "3"\n[[b]]\nkey = "x"\n# and the third\n'),
        (
            [1, 0, 2],
            '# the second\n[[a]]\nkey = "2"\n[[a]]\nkey = "1"\n[[a]]\nkey = "3"\n[[b]]\nkey = "x"\n# and the third\n',
        ),
        ([], '[[b]]\nkey = "x"\n# and the third\n'),
    ],
)  # fmt: skip
def test_a_comment_goes_with_the_row_below_it(order: list[int], expected: str) -> None:
    for end in ("\n", "\r\n"):
        content = COMMENTED.replace("\n", end).encode()
        written = rewrite("p", content, {"a": [{"was": at} for at in order]}).decode()
        assert [line for line in written.split(end) if line] == [line for line in expected.split("\n") if line]
        assert "\n" not in written.replace(end, "")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_where_rows_stay_in_their_places_only_the_cell_differs(end: str) -> None:
    content = COMMENTED.replace("\n", end)
    rows = [{"was": 0}, {"was": 1, "key": "new"}, {"was": 2}]
    assert rewrite("p", content.encode(), {"a": rows}).decode() == content.replace('"2"', '"new"')


def test_an_empty_value_takes_its_key_away_and_keys_that_are_not_named_stay() -> None:
    content = b'[[roles]]\nkey = "a"\nmay = ["note"]  # why\nmore = 1\n'
    assert rewrite("p", content, {"roles": [{"was": 0, "may": []}]}) == b'[[roles]]\nkey = "a"\nmore = 1\n'


def test_a_list_in_one_line_becomes_blocks_and_one_that_was_not_there_begins_at_the_end() -> None:
    content = b'statuses = [{ key = "a", more = 1 }]\nid = "p"\n'
    found = rewrite("p", content, {"statuses": [{"was": 0, "key": "b"}], "roles": [{"key": "r"}]})
    assert tomllib.loads(found.decode()) == {
        "id": "p", "statuses": [{"key": "b", "more": 1}], "roles": [{"key": "r"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"not toml", []),
        (b'[[a]]\nkey = "x"\n', [{"was": 1}]),
        (b'[[a]]\nkey = "x"\n', [{"was": "0"}]),
        (b'[[a]]\nkey = """\n[[a]]\n"""\n', [{"was": 0, "key": "y"}]),
        (b'[[a]]\nkey = "x"\n', [{"was": 0, "key": object()}]),
        (b'[[a]]\nkey = "x"\n', [{"was": 0, "key": "\ud800"}]),
        (b'[[a]]\nkey = "x"\n', [{"was": 0}, {"was": 0}]),
        (b'[[a]]\nkey = "x"\n', [{"was": True}]),
        (b'[[a]]\nkey = "x"\n', [{"was": -1}]),
        (b"", [{"key": "x"}] * 301),
        (b"", [{"key": ["x"] * 20_000}]),
        (b"", [{f"k{at}": "x" for at in range(4_000)}]),
        ("[[a]]\n" + "\n".join(f"b.k{at} = 1" for at in range(8_000)), [{"was": 0, "key": "x"}]),
        ("a = [{ b = 1 }]\n" + "\n".join(f"b.k{at} = 1" for at in range(2_000)), [{"was": 0, "key": "x"}]),
        (b"", [{"key": "x" * 100_000}]),
        (b'a = ["a"]', [{"was": 0}]),
        (b'a = "abc"', []),
        (b'[a]\nb = "c"', [{"was": 0}]),
        (b'[[a]]\nkey="a"\n[["a"]]\nkey="b"\n', [{"was": 0}, {"was": 1, "key": "c"}]),
    ],
)
def test_what_cannot_be_written_is_refused_soon(content: bytes | str, rows: list) -> None:
    began = time.process_time()
    with pytest.raises(Invalid):
        rewrite("package.toml", content.encode() if isinstance(content, str) else content, {"a": rows})
    assert time.process_time() - began < 1


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
changes = st.lists(st.tuples(st.sampled_from(["move", "remove", "add", "name"]), st.integers(0, 9), texts), max_size=6)


@given(st.sampled_from(FILES), st.sampled_from(LISTS), changes)
def test_whatever_is_done_to_rows_the_file_says_just_that(content: bytes, name: str, changes: list) -> None:
    rows = rows_of(content, name)
    for what, at, text in changes:
        if what == "add":
            rows.insert(at, {"key": text, "label": {"it": text, "x y": text}})
        elif rows:
            row = rows.pop(at % len(rows))
            if what != "remove":
                rows.insert(at if what == "move" else at % (len(rows) + 1), {**row, "label": {"it": text}})
    before = tomllib.loads(content.decode())
    after = tomllib.loads(rewrite("package.toml", content, {name: rows}).decode())
    said = [{key: value for key, value in row.items() if key != "was"} for row in rows]
    assert {name: [], **after} == {**before, name: said}
