"""Service levels, for those who answer for them: the policy as a grid, and the calendars that it counts in."""

from __future__ import annotations

from web.pages.service_levels import grid, index

PAGES = (index.pages, grid.pages)
