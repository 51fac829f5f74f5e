"""What a file lost on its way through a modeler is found, whatever it was; what only is written otherwise isn't."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from tests.support.xml_equality import lost
from tests.unit.spiff.comparing.test_packages import DRAWN, written_anew

PATH = "classification.bpmn"
#: with a comment, and something that nobody knows
WHOLE = (
    DRAWN[PATH]
    .replace(b"<bpmn:laneSet", b'<!-- why --><x:own xmlns:x="urn:x" much="1"/><bpmn:laneSet')
    .replace(b"<bpmn:definitions", b"<!-- ours --><bpmn:definitions")
)


def with_one_less() -> Iterator[tuple[str, bytes]]:
    """The file without each of its attributes, texts, comments and elements in turn, at some of the elements."""
    for number in range(0, len(list(_parsed().iter())), 19):
        for name in [*_at(number).attrib, "", "element"]:
            root = _parsed()
            element = list(root.iter())[number]
            around = element.getparent()
            if name == "element" and around is not None:
                around.remove(element)
            elif name and name in element.attrib:
                del element.attrib[name]
            elif (element.text or "").strip():
                element.text = None
            else:
                continue
            yield f"{number} {name}", etree.tostring(root)


def _parsed() -> etree._Element:
    return etree.fromstring(WHOLE)


def _at(number: int) -> etree._Element:
    return list(_parsed().iter())[number]


def test_whatever_is_missing_is_found() -> None:
    cases = dict(with_one_less())
    assert len(cases) > 40
    assert [case for case, less in cases.items() if not lost(WHOLE, less)] == []


def test_what_is_written_otherwise_or_more_is_not_lost() -> None:
    assert lost(WHOLE, WHOLE) == []
    assert lost(WHOLE, written_anew(PATH, WHOLE, 3)) == []
    more = WHOLE.replace(b"<bpmn:laneSet ", b'<bpmn:documentation>New</bpmn:documentation><bpmn:laneSet more="1" ')
    assert lost(WHOLE, more) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<!-- ours -->", b"", ["comment: 'ours' → None"]),
        (b' much="1"', b"", ["process classification / own / @much: '1' → None"]),
        (b'formRef="check"', b'formRef="x"', ["process classification / subProcess check / userTask check_request / "
                                              "@formRef: 'check' → 'x'"]),
    ],
)  # fmt: skip
def test_it_is_told_where(old: bytes, new: bytes, said: list[str]) -> None:
    assert lost(WHOLE, WHOLE.replace(old, new, 1)) == said


def test_two_of_one_name_that_stand_the_other_way_round_are_found() -> None:
    before = b'<d xmlns="urn:x"><a id="1"/><a id="2"/></d>'
    assert lost(before, b'<d xmlns="urn:x"><a id="2"/><a id="1"/></d>') == ["a / @#order: '1, 2' → '2, 1'"]
    with pytest.raises(ValueError, match="well-formed"):
        lost(before, b"<d>")
