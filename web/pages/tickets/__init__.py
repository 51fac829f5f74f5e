"""Pages of tickets: lists of them, and one with all that belongs to it."""

from web.pages.tickets import acting, editing, involving, lists, notes, show

PAGES = (*lists.PAGES, show.pages, notes.pages, editing.pages, acting.pages, involving.pages)
