"""What happened to a ticket, in words: notes and events in one stream, a page at a time. For staff.

`timeline.of_ticket(…)`; how an event is told in whole sentences is the pages' business.
"""

from engine.queries.tickets.timeline.facts import Event, Fact
from engine.queries.tickets.timeline.stream import Entry, Stream, of_ticket

__all__ = ["Entry", "Event", "Fact", "Stream", "of_ticket"]
