"""Incidents: try again what failed, or let it be.

Raising one is the business of whatever failed (`stepping`, `outbox`); a mistake of Iter's own becomes one by `faults`.
"""

from engine.commands.incidents.resolving import resolve
from engine.commands.incidents.retrying import Retried, retry, retry_each

__all__ = ["Retried", "resolve", "retry", "retry_each"]
