"""Time: zones, durations, calendars, and when a timer is due."""
