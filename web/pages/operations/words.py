"""What states, causes and waits are called. Templates translate them."""

from __future__ import annotations

from web.pages.frame import N_

CAUSES = {
    "diagram": N_("Diagram or values"),
    "job": N_("Other system"),
    "mail": N_("Mail server"),
    "text": N_("Text of a mail"),
    "state": N_("Stored state"),
    "fault": N_("Fault of Iter"),
}
WAITS = {
    "user_task": N_("Somebody has to complete the user task"),
    "timer": N_("Waits for a time"),
    "message": N_("Waits for a message"),
    "job": N_("Waits for another system"),
    "join": N_("Waits for the other branches"),
    "events": N_("Waits for the first of several events"),
    "scope": N_("Is inside"),
    "": N_("Is here"),
}
INCIDENT_STATES = {"open": N_("Open"), "resolved": N_("Resolved")}
JOB_STATES = {
    "open": N_("Waiting"), "failed": N_("Failed"), "done": N_("Done"), "cancelled": N_("No longer wanted"),
}  # fmt: skip
JOB_TYPES = {"mail": N_("Write mails"), "webhook": N_("Call another system")}
MAIL_STATES = {"open": N_("Waiting"), "failed": N_("Failed"), "kept": N_("Kept"), "sent": N_("Sent")}
MESSAGE_STATES = {
    "waiting": N_("Waiting"), "failed": N_("Failed"), "expired": N_("Expired"), "delivered": N_("Delivered"),
}  # fmt: skip
TIMERS = {"due": N_("Coming"), "overdue": N_("Overdue"), "standing": N_("Standing still")}
INSTANCE_STATES = {
    "running": N_("Running"), "troubled": N_("With an incident"), "completed": N_("Completed"),
    "cancelled": N_("Cancelled"),
}  # fmt: skip
EVENTS = {
    "started": N_("What the process began with"),
    "user_task_completed": N_("What was entered in the user task"),
    "message_received": N_("What the message brought"),
    "signal_received": N_("What the signal brought"),
    "job_completed": N_("What the other system answered"),
}
KINDS = {
    "text": N_("Text"), "number": N_("Number"), "boolean": N_("Yes or no"), "nothing": N_("Nothing"),
    "list": N_("List (JSON)"), "record": N_("Record (JSON)"),
}  # fmt: skip
AGES = {
    1: N_("older than a day"),
    7: N_("older than a week"),
    30: N_("older than a month"),
    365: N_("older than a year"),
}
#: commands and effects of the journal, as who operates Iter reads them
HAPPENED = {
    "tickets.open": N_("Ticket opened"), "tickets.edit": N_("Ticket changed"), "notes.add": N_("Note written"),
    "actions.act": N_("Action taken"), "user_tasks.complete": N_("User task completed"),
    "user_tasks.claim": N_("User task claimed"), "user_tasks.release": N_("User task released"),
    "user_tasks.hand_over": N_("User task handed over"), "timers.fire": N_("Timer fired"),
    "messages.broadcast": N_("Signal sent to all"), "signal_thrown": N_("Signal sent out"),
    "messages.publish": N_("Message published"), "messages.deliver": N_("Message delivered"),
    "jobs.complete": N_("Job done"), "jobs.report_error": N_("Job reported an error"),
    "jobs.fail": N_("Job given up"), "jobs.retry": N_("Job tried again by hand"),
    "mails.retry": N_("Mail sent again by hand"), "incidents.retry": N_("Incident tried again"),
    "incidents.resolve": N_("Incident resolved without another try"),
    "instances.cancel": N_("Process cancelled"), "instances.set_variables": N_("Variables changed by hand"),
    "element_entered": N_("Came to"), "element_left": N_("Left"), "user_task_opened": N_("User task opened"),
    "user_task_closed": N_("User task closed"), "timer_set": N_("Timer set"),
    "timer_cancelled": N_("Timer taken away"), "job_created": N_("Job wanted"), "job_cancelled": N_("Job over"),
    "job_failed": N_("A try failed"), "mail_queued": N_("Mail wanted"), "mail_prepared": N_("Mail written"),
    "mail_sent": N_("Mail sent"), "mail_failed": N_("Mail refused"), "mail_kept": N_("Mail kept"),
    "subscription_opened": N_("Waits for a message"), "subscription_closed": N_("No longer waits for the message"),
    "message_thrown": N_("Message sent out"), "message_expired": N_("Message expired"),
    "ticket_changed": N_("Ticket's fields set"), "note_written": N_("Note written"),
    "clock_started": N_("Clock started"), "clock_stopped": N_("Clock stopped"), "clock_changed": N_("Clock changed"),
    "variables_changed": N_("Variables set"), "incident_raised": N_("Incident raised"),
    "instance_ended": N_("Process ended"),
}  # fmt: skip
