"""All tables; importing this package fills `Base.metadata`. No statements here."""

from engine.storage.tables.base import Base
from engine.storage.tables.clocks import Clock
from engine.storage.tables.idempotency import IdempotencyKey
from engine.storage.tables.instances import Instance
from engine.storage.tables.jobs import Job
from engine.storage.tables.journal import JournalEntry
from engine.storage.tables.mails import Mail
from engine.storage.tables.messages import Message, Subscription
from engine.storage.tables.operations.incidents import Incident
from engine.storage.tables.operations.migrations import MigratedTicket, Migration
from engine.storage.tables.operations.workers import WorkerBeat
from engine.storage.tables.package_drafts import PackageDraft, PackageDraftFile, PackageDraftVisit
from engine.storage.tables.packages import Deployment, DeploymentFile, File, Package, Policy
from engine.storage.tables.people.accounts import Account, Company, LoginAttempt, Membership, Token
from engine.storage.tables.people.drafts import Draft
from engine.storage.tables.people.sessions import MailedLink, RecoveryCode, Session
from engine.storage.tables.people.views import SavedView
from engine.storage.tables.tickets.attachments import Attachment, AttachmentChunk
from engine.storage.tables.tickets.search import SearchDocument
from engine.storage.tables.tickets.tickets import Involvement, Note, Ticket, TicketSequence
from engine.storage.tables.timers import Timer
from engine.storage.tables.user_tasks import UserTask, UserTaskGroup

__all__ = [
    "Account", "Attachment", "AttachmentChunk", "Base", "Clock", "Company", "Deployment", "DeploymentFile", "Draft",
    "File", "IdempotencyKey", "Incident", "Instance", "Involvement", "Job", "JournalEntry", "LoginAttempt", "Mail",
    "MailedLink", "Membership", "Message", "MigratedTicket", "Migration", "Note", "Package", "PackageDraft",
    "PackageDraftFile", "PackageDraftVisit", "Policy", "RecoveryCode", "SavedView", "SearchDocument", "Session",
    "Subscription", "Ticket", "TicketSequence", "Timer", "Token", "UserTask", "UserTaskGroup", "WorkerBeat",
]  # fmt: skip
