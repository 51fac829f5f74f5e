"""The page names every announcement with its values, and its example runs."""

from __future__ import annotations

import re

from engine.commands import announcements
from tests.support.documents import ROOT, reference


def test_the_table_is_what_the_code_says() -> None:
    source = (ROOT / "engine" / "commands" / "announcements.py").read_text()
    said = {name: values for values, name in re.findall(r"#: (.*)\n(\w+) = announcements\.signal", source)}
    assert set(said) == set(announcements.announcements)
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", reference("announcements"), re.MULTILINE))
    assert rows == said


def test_the_example_counts() -> None:
    example = re.search(r"```python\n(.*?)```", reference("announcements"), re.DOTALL)
    assert example
    names: dict[str, object] = {}
    exec(compile(example[1], "docs/reference/announcements.md", "exec"), names)  # the page's own example
    try:
        announcements.announce(object(), announcements.ticket_opened, ticket_id=1, package="a", later="value")
        assert names["opened"] == {"a": 1}
    finally:
        announcements.ticket_opened.disconnect(names["count"])
