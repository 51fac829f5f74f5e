"""Pages of customers: opening a ticket, their tickets, one ticket, files.

`portal.listed` and `portal.show` are called by the modules that own the routes of tickets.
"""

from web.pages.portal import files, opening
from web.pages.portal.listing import show as listed
from web.pages.portal.ticket import show

PAGES = (files.pages, opening.pages)

__all__ = ["PAGES", "listed", "show"]
