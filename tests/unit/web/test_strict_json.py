"""JSON at the edge: what one of the databases, or a later reader, couldn't hold is refused."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.strict_json import MAX_DEPTH, Unreadable, read_json


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b"NaN",
        b'{"a": Infinity}',
        b"[-Infinity]",
        b"1e999",
        b"9223372036854775808",
        b"1" * 5000,
        b"-" + b"9" * 100_000,
        b'"\\u0000"',
        b'{"\\u0000": 1}',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'{"\\udfff": 1}',
        b"[" * 100_000,
        b"[" * 200 + b"]" * 200,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'"\x00"',
    ],
)
def test_what_nobody_can_hold_is_refused(content):
    with pytest.raises(Unreadable):
        read_json(content)


def test_a_key_twice_is_found_in_one_pass():
    keys = b"".join(b'"k%d": 1, ' % number for number in range(60_000))
    began = time.process_time()
    with pytest.raises(Unreadable, match="'k59999' twice"):
        read_json(b"{" + keys + b'"k59999": 1}')
    assert time.process_time() - began < 2


def test_the_depth_that_is_allowed_is_read():
    assert read_json(b"[" * (MAX_DEPTH - 1) + b"1" + b"]" * (MAX_DEPTH - 1))


def test_a_pair_of_surrogates_is_one_character():
    assert read_json(b'"\\ud83d\\ude00"') == "😀"


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)  # fmt: skip


@given(plain)
def test_everything_else_comes_back_as_it_went_in(value):
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        read_json(content)
    except Unreadable:
        return
