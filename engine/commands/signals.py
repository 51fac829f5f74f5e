"""blinker signals for what has been committed, best effort; what must arrive is a job (`docs/reference/signals.md`).

Every signal is sent with the `Engine` as sender and the documented keyword arguments: plain ids and values.
A receiver's exception is logged and swallowed: the work is committed already.
"""

from __future__ import annotations

import logging
from typing import Any

from blinker import NamedSignal, Namespace

log = logging.getLogger(__name__)
signals = Namespace()

#: ticket_id, package
ticket_opened = signals.signal("ticket_opened")
#: ticket_id, fields: {name: new value}
ticket_changed = signals.signal("ticket_changed")
#: ticket_id, user_task_id, element
user_task_opened = signals.signal("user_task_opened")
#: ticket_id, instance_id, token, element, outcome
user_task_closed = signals.signal("user_task_closed")
#: ticket_id, note_id, public
note_added = signals.signal("note_added")
#: ticket_id, instance_id, outcome
instance_ended = signals.signal("instance_ended")
#: ticket_id, instance_id, incident_id
incident_raised = signals.signal("incident_raised")
#: package, deployment_id, version
deployed = signals.signal("deployed")


def announce(sender: object, signal: NamedSignal, **values: Any) -> None:
    """Send a signal after a commit; whatever a receiver does, the caller goes on."""
    for receiver in list(signal.receivers_for(sender)):
        try:
            receiver(sender, **values)
        except Exception:
            log.exception("a receiver of %s failed", signal.name)
