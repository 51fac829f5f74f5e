"""Process packages, for those who own them."""

from __future__ import annotations

from web.pages.processes import comparing, deploying, drafting, files, listing, migrating, modeling, trying, version

PAGES = (
    listing.pages,
    version.pages,
    comparing.pages,
    files.pages,
    drafting.pages,
    deploying.pages,
    modeling.pages,
    migrating.pages,
    trying.pages,
)
