"""What has been committed, told by blinker, best effort; what must arrive is a job (`docs/reference/announcements.md`).

Every signal is sent with the `Engine` as sender and the documented keyword arguments: plain ids and values.
A receiver's exception is logged and swallowed: the work is committed already.
"""

from __future__ import annotations

import logging
from typing import Any

from blinker import NamedSignal, Namespace

log = logging.getLogger(__name__)
announcements = Namespace()

#: ticket_id, package
ticket_opened = announcements.signal("ticket_opened")
#: ticket_id, fields: {name: new value}
ticket_changed = announcements.signal("ticket_changed")
#: ticket_id, user_task_id, element
user_task_opened = announcements.signal("user_task_opened")
#: ticket_id, instance_id, token, element, outcome
user_task_closed = announcements.signal("user_task_closed")
#: ticket_id, note_id, public
note_added = announcements.signal("note_added")
#: ticket_id, instance_id, outcome
instance_ended = announcements.signal("instance_ended")
#: ticket_id, instance_id, incident_id
incident_raised = announcements.signal("incident_raised")
#: package, deployment_id, version
deployed = announcements.signal("deployed")


def announce(sender: object, signal: NamedSignal, **values: Any) -> None:
    """Send a signal after a commit; whatever a receiver does, the caller goes on."""
    for receiver in list(signal.receivers_for(sender)):
        try:
            receiver(sender, **values)
        except Exception:
            log.exception("a receiver of %s failed", signal.name)
