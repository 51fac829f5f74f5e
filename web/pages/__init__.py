"""The pages' nouns: each module parses, calls a command or query, and renders. Rules live in `engine`."""

from __future__ import annotations

from web.pages import (
    account,
    drafts,
    home,
    inbox,
    operations,
    people,
    portal,
    processes,
    service_levels,
    signing_in,
    tickets,
)
from web.pages.visiting import Pages

#: every module's pages
PAGES: tuple[Pages, ...] = (
    home.pages,
    *signing_in.PAGES,
    *account.PAGES,
    *people.PAGES,
    *inbox.PAGES,
    *operations.PAGES,
    *processes.PAGES,
    *service_levels.PAGES,
    drafts.pages,
    *portal.PAGES,
    *tickets.PAGES,
)
