"""A package of more than can be read in a short time is refused before it is read."""

from __future__ import annotations

import time

import pytest

from engine.spiff.checking.sizes import check_sizes
from engine.spiff.versions import check_version


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({f"d{n}.bpmn": b"<a/>" * 400_000 for n in range(5)}, ".bpmn"),
        ({f"d{n}.dmn": b"<a/>" * 100_000 for n in range(5)}, ".dmn"),
        ({f"forms/f{n}.form": b" " * 400_000 for n in range(5)}, ".form"),
        ({f"mail/m{n}.txt": b" " * 40_000 for n in range(50)}, ".txt"),
        ({f"scenarios/s{n}.yaml": b" " * 190_000 for n in range(10)}, ".yaml"),
        ({f"mail/m{n}.html": b"{{ a }}" * 400 for n in range(20)}, "tags"),
    ],
)
def test_too_much_of_a_kind_is_refused_within_a_second(files: dict[str, bytes], said: str) -> None:
    began = time.process_time()
    (problem,) = check_version(files)
    assert time.process_time() - began < 1
    assert said in problem.problem


def test_what_is_small_is_read() -> None:
    assert check_sizes({"d.bpmn": b"<a/>", "mail/m.txt": b"{{ a }}", "README.md": b" " * 5_000_000}) == []


def test_diagrams_count_together() -> None:
    tasks = "".join(f'<task id="t{n}"/>' for n in range(2_000))
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    files = {
        f"d{n}.bpmn": f'{head}<process id="p{n}">{tasks}</process></definitions>'.encode() for n in range(100)
    }  # fmt: skip
    began = time.process_time()
    assert any("at most 12,000 elements" in problem.problem for problem in check_version(files))
    assert time.process_time() - began < 4


def test_more_code_than_can_be_checked_in_a_short_time_is_refused() -> None:
    scripts = "".join(f'<scriptTask id="t{n}"><script>{"x = 1;" * 1_600}</script></scriptTask>' for n in range(40))
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    file = f'{head}<process id="p">{scripts}</process></definitions>'.encode()
    assert any("300,000 characters" in problem.problem for problem in check_version({"d.bpmn": file}))
