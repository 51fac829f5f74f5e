"""The inbox: what there is to do, the user task that was chosen, and what is done with it."""

from __future__ import annotations

from web.pages.inbox import doing, returning, showing
from web.pages.visiting import Pages

PAGES: tuple[Pages, ...] = (showing.pages, doing.pages, returning.pages)
