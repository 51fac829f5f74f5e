"""How one comes in and leaves: password, code, a forgotten password, an invitation."""

from __future__ import annotations

from web.pages.signing_in import invitation, recovery, sign_in

PAGES = (sign_in.pages, recovery.pages, invitation.pages)
