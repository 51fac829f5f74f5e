"""Process packages, for those who own them."""

from __future__ import annotations

from web.pages.processes import files, listing, version

PAGES = (listing.pages, version.pages, files.pages)
