"""Statements on demonstration data: what of it is due, and its removal. It is written by the usual commands."""

from engine.storage.demonstration.finding import (
    accounts,
    company_named,
    due_jobs,
    due_messages,
    due_timers,
    incident,
    is_filled,
    is_invented,
    next_due,
    packages_with_one,
    password_hash,
    real_tickets,
    user_task,
)
from engine.storage.demonstration.removing import remove_journal, remove_people, remove_tickets

__all__ = [
    "accounts", "company_named", "due_jobs", "due_messages", "due_timers", "incident", "is_filled", "is_invented",
    "next_due", "packages_with_one", "password_hash", "real_tickets", "remove_journal", "remove_people",
    "remove_tickets", "user_task",
]  # fmt: skip
