"""When everything in a story comes: from working time before now to instants. Pure."""

from __future__ import annotations

from datetime import datetime, time

from engine.domain.time.calendars import Calendar
from engine.domain.time.durations import WorkingDuration
from engine.domain.time.zones import find_zone, instant_of
from engine.spiff.demonstration.format import Story


def instants_of(story: Story, calendar: Calendar, time_zone: str, now: datetime) -> list[datetime]:
    """When the ticket is opened and when each step comes, none before the one before. Raises `Invalid`."""
    zone = find_zone(time_zone)

    def on_that_day(instant: datetime, at: str) -> datetime:
        day = instant.astimezone(zone).date()
        return instant_of(zone, datetime.combine(day, time.fromisoformat(at))) if at else instant

    instants = [on_that_day(calendar.subtract(now, WorkingDuration.parse(story.ago)), story.at)]
    for step in story.steps:
        next_one = calendar.add(instants[-1], WorkingDuration.parse(step.after)) if step.after else instants[-1]
        instants.append(max(instants[-1], on_that_day(next_one, step.at)))
    return instants
