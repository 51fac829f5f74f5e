"""Decision files that would take for ever."""

from __future__ import annotations

import time

import pytest

from engine.spiff.decisions import DecisionFailed
from tests.unit.spiff.decisions.drawing import literal, needs, read, table


def test_bombs_in_a_file_end_in_a_message_at_once() -> None:
    started = time.process_time()
    chain = [literal("s + s", "d0"), *(literal(f"d{n} + d{n}", f"d{n + 1}", inside=needs(f"d{n}")) for n in range(60))]
    with pytest.raises(DecisionFailed, match="would be made"):
        read(*chain)["d60"].decide({"s": "xxxx"})
    lists = [literal("[1, 2]", "d0")]
    lists += [literal(f"concatenate(d{n}, d{n})", f"d{n + 1}", inside=needs(f"d{n}")) for n in range(60)]
    with pytest.raises(DecisionFailed, match="steps"):
        read(*lists)["d60"].decide({})
    nested = [literal("[1]", "d0"), *(literal(f"[d{n}, d{n}]", f"d{n + 1}", inside=needs(f"d{n}")) for n in range(60))]
    with pytest.raises(DecisionFailed):
        read(*nested)["d60"].decide({})
    rules = table([(["count(l[item > 3]) > 0"], ["1"])] * 300, outputs=(("x", ""),), hit_policy='hitPolicy="COLLECT"')
    for n in range(300, 1, -1):
        rules = rules.replace('id="routing_r1"', f'id="routing_q{n}"', 1) if n > 1 else rules
    with pytest.raises(DecisionFailed, match="steps"):
        read(rules)["routing"].decide({"category": 1, "l": list(range(5_000))})
    assert time.process_time() - started < 3


def test_large_tables_have_steps_enough() -> None:
    rules = [([f'"a{n}"', f"[{n}..{n + 1})"] * 5, [f'"r{n}"']) for n in range(1_000)]
    decision = read(table(rules, ("a", "b") * 5))["routing"]
    started = time.process_time()
    assert decision.decide({"a": "a999", "b": 999}) == "r999"
    assert time.process_time() - started < 3
