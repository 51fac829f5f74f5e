"""One's own account: profile, how one signs in, where one is signed in, tokens."""

from __future__ import annotations

from web.pages.account import password, profile, sessions, tokens, two_factor

PAGES = (profile.pages, password.pages, two_factor.pages, sessions.pages, tokens.pages)
