"""Decision tables are compared by their columns and rules, cell by cell."""

from __future__ import annotations

import pytest

from tests.unit.spiff.comparing.telling import file_difference, told
from tests.unit.spiff.decisions.drawing import model, table

RULES = [(["1"], ['"a"']), (["2"], ['"b"']), (["3"], ['"c"'])]
TABLE = table(RULES)


def without_ids(text: str) -> str:
    """As a tool writes it that gives rules new ids, the first of them to what comes first."""
    return text.replace("routing_r", "other_r")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (
            table([RULES[0], (["-"], ['"b"']), RULES[2]]),
            ["changed rule routing_r2: In 1: ‘2’ → ‘-’"],
        ),
        (
            table([RULES[0], (["2"], ['"x"']), RULES[2]]),
            ['changed rule routing_r2: department: ‘"b"’ → ‘"x"’'],
        ),
        (table([*RULES, (["4"], ['"d"'])]), ['added rule routing_r4: In 1: none → ‘4’; department: none → ‘"d"’']),
        (table(RULES[:2]), ['removed rule routing_r3: In 1: ‘3’ → none; department: ‘"c"’ → none']),
        (table([(["0"], ['"z"']), *RULES]), ['added rule routing_r1: In 1: none → ‘0’; department: none → ‘"z"’']),
        (table([RULES[2], *RULES[:2]]), ["moved rule routing_r1: position: ‘3’ → ‘1’"]),
        (without_ids(TABLE), []),
        (TABLE.replace("why", "because", 1), ["changed rule routing_r1: description: ‘why’ → ‘because’"]),
        (table(RULES, hit_policy='hitPolicy="UNIQUE"'), ["changed decision routing: hit policy: ‘FIRST’ → ‘UNIQUE’"]),
        (TABLE.replace("category", "kind"), ["changed input routing_in1: expression: ‘category’ → ‘kind’"]),
        (TABLE.replace('name="department"', 'name="who"'), ["changed output routing_out1: name: ‘department’ → ‘who’"]),
        (
            table([([*asked, "-"], given) for asked, given in RULES], inputs=("category", "text")),
            ["added input routing_in2"],
        ),
        (TABLE.replace('name="Routing"', 'name="Way"'), ["changed decision routing: name: ‘Routing’ → ‘Way’"]),
        (TABLE + '<inputData id="more" name="More"/>', ["added inputData more"]),
    ],
)
def test_a_change_is_told_at_its_rule_or_column(after: str, said: list[str]) -> None:
    assert told("x.dmn", model(TABLE), model(after)) == said


def test_rules_are_called_by_their_place() -> None:
    assert file_difference("x.dmn", model(TABLE), model(TABLE.replace("3", "4"))).changes[0].label == "rule 3"


def test_the_cells_of_a_column_that_stands_elsewhere_go_with_it() -> None:
    columns, cells = ['<input id="i" label="I"/>', '<input id="j" label="J"/>'], ["1", "2"]

    def drawn(order: int, *cells: str) -> bytes:
        written = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells[::order])
        inside = "".join(columns[::order]) + f"<rule>{written}</rule>"
        return model(f'<decision id="d"><decisionTable>{inside}</decisionTable></decision>')

    assert told("x.dmn", drawn(1, *cells), drawn(-1, *cells)) == ["moved input j"]
    assert told("x.dmn", drawn(1, *cells), drawn(-1, "1", "3")) == ["moved input j", "changed rule: J: ‘2’ → ‘3’"]
