"""Tickets, process instances, and all that they wait for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables.base import Instant, Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ticket_sequences",
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_ticket_sequences_package_id")),
        sa.PrimaryKeyConstraint("package_id", "year", name=op.f("pk_ticket_sequences")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("request_type", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("fields", Json, nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("status_since", Instant(), nullable=False),
        sa.Column("status_seconds", Json, nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["accounts.id"], name=op.f("fk_tickets_assignee_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_tickets_company_id")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_tickets_deployment_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_tickets_package_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["accounts.id"], name=op.f("fk_tickets_requester_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("package_id", "number", name=op.f("uq_tickets_package_id_number")),
    )
    op.create_index("ix_tickets_assignee_id_changed_at", "tickets", ["assignee_id", "changed_at", "id"], unique=False)
    op.create_index("ix_tickets_company_id_changed_at", "tickets", ["company_id", "changed_at", "id"], unique=False)
    op.create_index("ix_tickets_package_id_changed_at", "tickets", ["package_id", "changed_at", "id"], unique=False)
    op.create_index("ix_tickets_package_id_department", "tickets", ["package_id", "department"], unique=False)
    op.create_index("ix_tickets_package_id_status", "tickets", ["package_id", "status"], unique=False)
    op.create_index(op.f("ix_tickets_requester_id"), "tickets", ["requester_id"], unique=False)
    op.create_table(
        "clocks",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("deadline_at", Instant(), nullable=True),
        sa.Column("paused_since", Instant(), nullable=True),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_clocks_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "goal", name=op.f("pk_clocks")),
    )
    op.create_index(op.f("ix_clocks_deadline_at"), "clocks", ["deadline_at"], unique=False)
    op.create_table(
        "instances",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("troubled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_instances_deployment_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_instances_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_instances_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instances")),
    )
    op.create_index(op.f("ix_instances_deployment_id"), "instances", ["deployment_id"], unique=False)
    op.create_index(op.f("ix_instances_ticket_id"), "instances", ["ticket_id"], unique=False)
    op.create_table(
        "involvements",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_involvements_account_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_involvements_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "account_id", name=op.f("pk_involvements")),
    )
    op.create_index(op.f("ix_involvements_account_id"), "involvements", ["account_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_journal_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_journal_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_package_id_id", "journal", ["package_id", "id"], unique=False)
    op.create_index("ix_journal_ticket_id_id", "journal", ["ticket_id", "id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("expects", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_notes_author_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_notes_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_ticket_id_id", "notes", ["ticket_id", "id"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("event", Json, nullable=True),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("mail_id", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_incidents_instance_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_incidents_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_incidents_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_instance_id"), "incidents", ["instance_id"], unique=False)
    op.create_index("ix_incidents_state_id", "incidents", ["state", "id"], unique=False)
    op.create_index(op.f("ix_incidents_ticket_id"), "incidents", ["ticket_id"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("package_id", sa.String(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=True),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_jobs_instance_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_jobs_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_jobs_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_instance_id_token", "jobs", ["instance_id", "token"], unique=False)
    op.create_index("ix_jobs_state_next_attempt_at", "jobs", ["state", "next_attempt_at"], unique=False)
    op.create_index(op.f("ix_jobs_ticket_id"), "jobs", ["ticket_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_messages_instance_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_messages_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_messages_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_expires_at"), "messages", ["expires_at"], unique=False)
    op.create_index("ix_messages_name_key", "messages", ["name", "key", "state"], unique=False)
    op.create_index(op.f("ix_messages_next_attempt_at"), "messages", ["next_attempt_at"], unique=False)
    op.create_index(op.f("ix_messages_ticket_id"), "messages", ["ticket_id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_subscriptions_instance_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_subscriptions_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_subscriptions_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("instance_id", "token", name=op.f("uq_subscriptions_instance_id_token")),
    )
    op.create_index("ix_subscriptions_message_key", "subscriptions", ["message", "key", "opened_at"], unique=False)
    op.create_index(op.f("ix_subscriptions_ticket_id"), "subscriptions", ["ticket_id"], unique=False)
    op.create_table(
        "timers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("due", Json, nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_timers_instance_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_timers_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("instance_id", "token", name=op.f("uq_timers_instance_id_token")),
    )
    op.create_index(op.f("ix_timers_due_at"), "timers", ["due_at"], unique=False)
    op.create_index(op.f("ix_timers_ticket_id"), "timers", ["ticket_id"], unique=False)
    op.create_table(
        "user_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("groups", Json, nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["accounts.id"], name=op.f("fk_user_tasks_assignee_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_user_tasks_instance_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_user_tasks_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_user_tasks_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_user_tasks_key")),
    )
    op.create_index("ix_user_tasks_assignee_id_state", "user_tasks", ["assignee_id", "state"], unique=False)
    op.create_index("ix_user_tasks_instance_id_token", "user_tasks", ["instance_id", "token"], unique=False)
    op.create_index("ix_user_tasks_ticket_id_state", "user_tasks", ["ticket_id", "state"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("package_id", sa.String(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=True),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mails_account_id")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_mails_job_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_mails_package_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_mails_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
    )
    op.create_index(op.f("ix_mails_job_id"), "mails", ["job_id"], unique=False)
    op.create_index("ix_mails_state_next_attempt_at", "mails", ["state", "next_attempt_at"], unique=False)
    op.create_index(op.f("ix_mails_ticket_id"), "mails", ["ticket_id"], unique=False)
    op.create_table(
        "user_task_groups",
        sa.Column("user_task_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_task_id"], ["user_tasks.id"], name=op.f("fk_user_task_groups_user_task_id")),
        sa.PrimaryKeyConstraint("user_task_id", "group", name=op.f("pk_user_task_groups")),
    )
    op.create_index(op.f("ix_user_task_groups_group"), "user_task_groups", ["group"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("user_task_groups")
    op.drop_table("mails")
    op.drop_table("user_tasks")
    op.drop_table("timers")
    op.drop_table("subscriptions")
    op.drop_table("messages")
    op.drop_table("jobs")
    op.drop_table("incidents")
    op.drop_table("notes")
    op.drop_table("journal")
    op.drop_table("involvements")
    op.drop_table("instances")
    op.drop_table("clocks")
    op.drop_table("tickets")
    op.drop_table("ticket_sequences")
