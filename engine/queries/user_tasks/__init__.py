"""User tasks as a reader may see them: lists, the inbox, one with its form, who else may do it, how it ended."""

from engine.queries.user_tasks.candidates import Candidate, candidates
from engine.queries.user_tasks.inbox import BOXES, CAP, Box, Filters, InboxItem, counts, following, inbox, things_to_do
from engine.queries.user_tasks.listing import ORDERS, UserTaskView, listed, one
from engine.queries.user_tasks.outcomes import Outcome, outcome
from engine.queries.user_tasks.reminding import Reminder, reminder

__all__ = [
    "BOXES", "CAP", "ORDERS", "Box", "Candidate", "Filters", "InboxItem", "Outcome", "Reminder", "UserTaskView",
    "candidates", "counts", "following", "inbox", "listed", "one", "outcome", "reminder", "things_to_do",
]  # fmt: skip
