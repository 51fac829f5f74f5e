"""People and companies, for those who look after them."""

from __future__ import annotations

from web.pages.people import account, companies, inviting, listing

PAGES = (listing.pages, inviting.pages, account.pages, companies.pages)
