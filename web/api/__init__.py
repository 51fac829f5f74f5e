"""The API's nouns: each module parses, calls a command or query, and says what goes out. Rules live in `engine`."""

from __future__ import annotations

from web.api import incidents, instances, messages, migrations, operating, outbox, packages, policies, user_tasks
from web.api.people import accounts, companies, sessions, tokens
from web.api.tickets import actions, attachments, notes, people, tickets
from web.http.operations import Routes

#: in the order in which the documentation shows them
ROUTES: tuple[Routes, ...] = tuple(
    module.routes
    for module in (
        tokens, tickets, notes, attachments, people, actions, user_tasks, messages, packages, policies,
        migrations, operating, incidents, instances, outbox, accounts, sessions, companies,
    )
)  # fmt: skip
