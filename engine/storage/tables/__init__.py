"""All tables; importing this package fills `Base.metadata`. No statements here."""

from engine.storage.tables.base import Base
from engine.storage.tables.clocks import Clock
from engine.storage.tables.idempotency import IdempotencyKey
from engine.storage.tables.incidents import Incident
from engine.storage.tables.instances import Instance
from engine.storage.tables.jobs import Job
from engine.storage.tables.journal import JournalEntry
from engine.storage.tables.mails import Mail
from engine.storage.tables.messages import Message, Subscription
from engine.storage.tables.packages import Deployment, DeploymentFile, File, Package, Policy
from engine.storage.tables.people.accounts import Account, Company, LoginAttempt, Membership, Token
from engine.storage.tables.tickets import Involvement, Note, Ticket, TicketSequence
from engine.storage.tables.timers import Timer
from engine.storage.tables.user_tasks import UserTask, UserTaskGroup

__all__ = [
    "Account", "Base", "Clock", "Company", "Deployment", "DeploymentFile", "File", "IdempotencyKey", "Incident",
    "Instance", "Involvement", "Job", "JournalEntry", "LoginAttempt", "Mail", "Membership", "Message", "Note",
    "Package", "Policy", "Subscription", "Ticket", "TicketSequence", "Timer", "Token", "UserTask", "UserTaskGroup",
]  # fmt: skip
