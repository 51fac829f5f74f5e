"""Every place that holds code × every bomb: refused at its element, or an incident there; nobody else notices."""

from __future__ import annotations

import threading
import time

import pytest

from engine.domain.errors import Problem, StepFailed
from engine.spiff.decisions import read_decisions
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import Play, node, path, process, xml
from tests.unit.spiff.hostile.places import PLACES, Kind, Place

#: seconds in which a bomb has to be over, whatever it does (issue 5)
MOST = 2

ESCAPES = {
    "class": "().__class__.__bases__[0].__subclasses__()",
    "getattr": "getattr(getattr((), '__cla' + 'ss__'), '__bases__')",
    "import": "__import__('os').system('id')",
    "file": "open('/etc/passwd').read()",
}
EXPRESSIONS = {
    **ESCAPES,
    "endless": "[i for i in range(10 ** 12) if i < 0]",
    "power": "10 ** 10 ** 8",
    "text": "'a' * 10 ** 10",
    "list": "[[0] * 10 ** 4] * 10 ** 9",
}
SCRIPTS = {
    **{name: f"x = {text}" for name, text in EXPRESSIONS.items()},
    "import": "import os\nx = os.listdir('/')",
    "while": "while True:\n    pass",
    "pattern": "import re\nx = re.match('(a|aa)+(a|aa)+$', 'a' * 5000 + 'b')\nwhile True: pass",
    "doubling": "x = [0]\nfor i in range(60):\n    x = x + x",
    "nesting": "x = []\nfor i in range(10000):\n    x = [x]",
}
FEEL = {
    **{name: ESCAPES[name].replace("'", '"') for name in ("class", "import", "file")},
    "power": "99999999 ** 99999999",
    "loop": "for i in [1..1000000000] return i",
    "quantifier": "some i in [1..1000000000] satisfies i < 0",
    "doubling": '"' + "a" * 1000 + '"' + ' + "a"' * 3000,
}
BOMBS: dict[Kind, dict[str, str]] = {"expression": EXPRESSIONS, "script": SCRIPTS, "feel": FEEL}
CASES = [(place, text) for place in PLACES for text in BOMBS[place.kind].values()]
NAMES = [f"{place.name}-{name}" for place in PLACES for name in BOMBS[place.kind]]


@pytest.fixture(scope="module", autouse=True)
def workers() -> None:
    """They are there before the clock counts."""
    Play(process(node("scriptTask", "a", "<bpmn:script>x = 1</bpmn:script>"), path("s", "a", "e")))
    check_diagram("p.bpmn", xml(process(path("s", "e"))))


def refused(place: Place, text: str) -> list[Problem]:
    """What the check says."""
    problems = check_diagram("p.bpmn", xml(*place.drawn(text)))
    return problems + (read_decisions("routing.dmn", place.tables(text))[1] if place.tables else [])


class Bomb(threading.Thread):
    """An instance that comes to the place."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__()
        self.place, self.text = place, text
        self.failure: StepFailed | None = None

    def run(self) -> None:
        decisions = read_decisions("routing.dmn", self.place.tables(self.text))[0] if self.place.tables else {}
        try:
            Play(*self.place.drawn(self.text), decisions=decisions, variables={"category": "crm"})
        except StepFailed as failure:
            self.failure = failure


def neighbour() -> Play:
    """Another ticket's step, with an expression of its own."""
    script = node("scriptTask", "a", "<bpmn:script>y = x + 1</bpmn:script>")
    return Play(process(script, path("s", "a", "e")), variables={"x": 1})


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_places_are_sound_where_code_may_stand(place: Place) -> None:
    harmless = {"expression": "['P1D']", "script": "x = 1", "feel": '"a"'}[place.kind]
    assert bool(refused(place, harmless)) is place.closed


@pytest.mark.parametrize(("place", "text"), CASES, ids=NAMES)
def test_code_is_refused_or_an_incident_at_its_element(place: Place, text: str) -> None:
    began = time.perf_counter()
    problems = refused(place, text)
    assert time.perf_counter() - began < MOST
    if problems:
        assert all(problem.remedy for problem in problems)
        assert place.problem in {problem.element for problem in problems}
        return
    bomb = Bomb(place, text)
    began = time.perf_counter()
    bomb.start()
    beside = neighbour()
    assert time.perf_counter() - began < MOST
    bomb.join(MOST)
    assert time.perf_counter() - began < MOST
    assert beside.variables == {"x": 1, "y": 2}
    assert bomb.failure is not None
    assert bomb.failure.element == place.incident
    assert len(str(bomb.failure)) < 400
