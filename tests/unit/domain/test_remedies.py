"""What to do about an incident is said for every cause, in words that fit the element."""

from __future__ import annotations

from typing import get_args

import pytest

from engine.domain.remedies import Cause, remedy


@pytest.mark.parametrize("cause", get_args(Cause))
def test_every_cause_has_a_remedy(cause: str) -> None:
    assert len(remedy(cause)) >= 2


def test_the_element_decides_what_is_looked_at_first() -> None:
    firsts = {
        remedy("diagram", kind)[0] for kind in ("scriptTask", "businessRuleTask", "exclusiveGateway", "userTask", "")
    }
    assert len(firsts) == 5


def test_where_nothing_was_given_only_the_process_can_be_changed() -> None:
    assert "variables of the process" in remedy("diagram", "scriptTask", "timer_due")[1]
    assert "values below" in remedy("diagram", "scriptTask", "user_task_completed")[1]
