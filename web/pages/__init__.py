"""The pages' nouns: each module parses, calls a command or query, and renders. Rules live in `engine`."""

from __future__ import annotations

from web.pages import home
from web.pages.visiting import Pages

#: every module's pages
PAGES: tuple[Pages, ...] = (home.pages,)
