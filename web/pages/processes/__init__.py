"""Process packages, for those who own them."""

from __future__ import annotations

from web.pages.processes import comparing, deploying, drafting, files, listing, migrating, trying, version
from web.pages.processes.editing import files as editing
from web.pages.processes.editing import mails, settings

PAGES = (
    listing.pages,
    version.pages,
    comparing.pages,
    files.pages,
    drafting.pages,
    deploying.pages,
    editing.pages,
    settings.pages,
    mails.pages,
    migrating.pages,
    trying.pages,
)
