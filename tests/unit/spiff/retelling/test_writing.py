"""What is written is read as it was."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.spiff.retelling.writing import lines_of, remarks_of
from engine.spiff.scenarios.plain_yaml import load

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t:#'\"-?{}[],&*!|>%@"))
NUMBERS = st.integers(-(10**15) + 1, 10**15 - 1) | st.decimals(-1000, 1000, places=4).map(float)
WORDS = st.sampled_from(["yes", "no", "null", "~", "true", "010", "1e5", "2026-03-27", "12:30", "", " ", "=", "<<"])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["data", "note", "result"]) | TEXTS, VALUES, min_size=1, max_size=3))
def test_any_step_is_read_as_it_was_written(step: dict[str, Any]) -> None:
    written = "\n".join(["steps:", *lines_of(step, 2, "- "), *remarks_of(["a: [", "b" * 300], 2)])
    assert load(written.encode()).data == {"steps": [step]}


def test_it_looks_as_if_written_by_hand() -> None:
    step = {"complete": "look", "by": "Person 1", "data": {"pairs": 2.5}, "expect": {"status": "open", "mails": ["a"]}}
    assert list(lines_of(step, 2, "- ")) == [
        "  - complete: look", "    by: Person 1", "    data: {pairs: 2.5}", "    expect:", "      status: open",
        "      mails: [a]",
    ]  # fmt: skip
