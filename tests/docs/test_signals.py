"""The signals page names every signal with its values, and its example runs."""

from __future__ import annotations

import re

from engine.commands import signals
from tests.support.documents import ROOT, reference


def test_the_table_is_what_the_code_says() -> None:
    source = (ROOT / "engine" / "commands" / "signals.py").read_text()
    said = {name: values for values, name in re.findall(r"#: (.*)\n(\w+) = signals\.signal", source)}
    assert set(said) == set(signals.signals)
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", reference("signals"), re.MULTILINE))
    assert rows == said


def test_the_example_counts() -> None:
    example = re.search(r"```python\n(.*?)```", reference("signals"), re.DOTALL)
    assert example
    names: dict[str, object] = {}
    exec(compile(example[1], "docs/reference/signals.md", "exec"), names)  # the page's own example
    try:
        signals.announce(object(), signals.ticket_opened, ticket_id=1, package="a", later="value")
        assert names["opened"] == {"a": 1}
    finally:
        signals.ticket_opened.disconnect(names["count"])
