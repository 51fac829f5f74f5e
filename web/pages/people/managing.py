"""What the pages about people share: the packages whose people the reader looks after."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.packages import Package
from engine.queries.reading import reading
from web.pages.visiting import Visit


def managed_packages(visit: Visit) -> Mapping[str, Package]:
    """By key; none for who may not."""
    with reading(visit.engine, visit.actor) as reader:
        return {key: package for key, package in reader.packages.items() if visit.actor.may("accounts", package)}
