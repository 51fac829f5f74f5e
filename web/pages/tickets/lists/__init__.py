"""Lists of tickets: narrowed, sorted, saved, exported; and what is done with many at once. For staff.

The address says all that a list is. Customers' lists are the portal's.
"""

from web.pages.tickets.lists import bulk, export, index, views
from web.pages.visiting import Pages

PAGES: tuple[Pages, ...] = (index.pages, export.pages, views.pages, bulk.pages)
