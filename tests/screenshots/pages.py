"""Which pages are photographed, as whom, with what on them. A page that isn't here makes `make screenshots` fail.

Names in braces are looked up in the demonstration: see `finding`. People are keys of its `people`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to take."""

    #: the page's route, as the application names it
    route: str
    #: of the files; the first part groups them
    name: str
    #: who looks; empty: nobody who is signed in
    who: str
    place: str
    #: the subject of the ticket that braces speak of
    ticket: str = ""
    #: what is done before the picture is taken: attributes that are changed (selector, name, value), fields that are
    #: filled in, what is clicked. Nothing of it may change the demonstration
    change: tuple[tuple[str, str, str], ...] = ()
    fill: tuple[tuple[str, str], ...] = ()
    click: tuple[str, ...] = ()
    #: what the page, or what was sent from it last, answers
    status: int = 200


IN_WORK = "Sconto quantità non applicato nelle offerte"
TALKED = "Il totale della fattura non coincide con il riepilogo IVA"
QUOTED = "Preventivo per la firma digitale dei consensi"
ASKED = "Il sito è lento"
LATE = "Come si prepara una newsletter con i video?"
STUCK = "Ordini ricorrenti per i clienti abituali"
NEW = "Le etichette di spedizione escono senza codice a barre"
DEVELOPED = "Collegamento del CRM con il corriere"
DOWN = 'Sito irraggiungibile con il nome senza "www"'

TASK = "/inbox/<id:user_task_id>"
TICKET = "/tickets/<id:ticket_id>"
INSTANCE = "/operations/instances/<key:instance_id>"
INCIDENT = "/operations/incidents/<id:incident_id>"
DRAFT = "/processes/<key:package>/draft"
DRAFT_FILE = DRAFT + "/files/<file:path>"
VERSION = "/processes/<key:package>/versions/<id:version>"
FILE = VERSION + "/files/<file:path>"
SEND, FIRST_CHOICE = "[data-form-send]", ".form-check-input >> nth=0"

SHOTS: tuple[Shot, ...] = (
    # signing in
    Shot("/sign-in", "sign-in", "", "/sign-in"),
    Shot("/sign-in", "sign-in-failed", "", "/sign-in", status=422,
         fill=(("#field-email", "nessuno-{look}@example.com"), ("#field-password", "indovina")),
         click=("main .btn-primary",)),
    Shot("/recover", "sign-in-recover", "", "/recover"),
    Shot("/recover/<secret>", "sign-in-new-password", "", "/recover/{recovery}"),
    Shot("/invitation/<secret>", "sign-in-invitation", "", "/invitation/{invitation}"),
    # one's own account
    Shot("/account", "account", "bruno", "/account"),
    Shot("/account/address", "account-address", "bruno", "/account/address"),
    Shot("/account/address/<secret>", "account-address-confirm", "bruno", "/account/address/{address}"),
    Shot("/account/password", "account-password", "carla", "/account/password"),
    Shot("/account/password", "account-password-refused", "carla", "/account/password", status=422,
         fill=(("#field-current", "demonstration"), ("#field-password", "corta")), click=("main .btn-primary",)),
    Shot("/account/tokens", "account-tokens", "irene", "/account/tokens"),
    Shot("/account/two-factor", "account-two-factor", "marta", "/account/two-factor"),
    Shot("/shortcuts", "shortcuts", "bruno", "/shortcuts"),
    Shot("/shortcuts", "shortcuts-person", "bruno", "/shortcuts", click=(".person-menu",)),
    # portal
    Shot("/tickets", "portal-tickets", "carla", "/tickets"),
    Shot("/tickets", "portal-tickets-none", "carla", "/tickets?text=sommergibile"),
    Shot("/tickets", "portal-tickets-person", "carla", "/tickets?state=closed", click=(".person-menu",)),
    Shot("/tickets/new", "portal-new", "carla", "/tickets/new"),
    Shot("/tickets/new", "portal-new-refused", "carla", "/tickets/new", status=422,
         click=("main form.card button[type=submit]",)),
    Shot(TICKET, "portal-ticket-in-work", "dario", "/tickets/{ticket}", IN_WORK),
    Shot(TICKET, "portal-ticket-question", "nino", "/tickets/{ticket}", ASKED),
    Shot(TICKET, "portal-ticket-quote", "franco", "/tickets/{ticket}", QUOTED),
    Shot(TICKET, "portal-ticket-closed", "carla", "/tickets/{ticket}", TALKED),
    Shot(TICKET + "/actions/<key:key>", "portal-withdraw", "dario", "/tickets/{ticket}/actions/withdraw", IN_WORK),
    # inbox
    Shot("/inbox", "inbox-pm", "paola", "/inbox"),
    Shot("/inbox", "inbox-agent", "silvia", "/inbox"),
    Shot(TASK, "inbox-task-check", "paola", "/inbox/{task}", NEW),
    Shot(TASK, "inbox-task-work", "bruno", "/inbox/{task}", IN_WORK),
    Shot("/inbox", "inbox-empty", "davide", "/inbox"),
    Shot("/inbox", "inbox-none", "paola", "/inbox?text=sommergibile"),
    Shot(TASK, "inbox-task-refused", "paola", "/inbox/{task}", NEW, click=(SEND,)),
    Shot(TASK, "inbox-task-hand-over", "paola", "/inbox/{task}", NEW,
         click=(".task-hand-over > summary",)),
    Shot(TASK, "inbox-task-overtaken", "tommaso", "/inbox/{task}", DOWN, status=409,
         change=(("[data-form]", "data-action", "/user-tasks/{done}/complete"),), click=(FIRST_CHOICE, SEND)),
    Shot(TICKET + "/actions/<key:key>", "portal-signed-out", "dario", "/tickets/{ticket}/actions/withdraw", IN_WORK,
         status=403, change=(("meta[name=csrf]", "content", "-"), ("meta[name=account]", "content", "0")),
         click=(SEND,)),
    # tickets
    Shot("/tickets", "tickets", "paola", "/tickets"),
    Shot("/tickets", "tickets-mine-empty", "paola", "/tickets?box=mine"),
    Shot("/tickets", "tickets-none", "paola", "/tickets?box=all&text=sommergibile"),
    Shot("/tickets", "tickets-views", "paola", "/tickets", click=(".page-head-actions .dropdown-toggle",)),
    Shot("/tickets", "tickets-ticked", "paola", "/tickets?box=all&due=late",
         click=("[data-filters]", "[data-tick] >> nth=0", "[data-tick] >> nth=1")),
    Shot("/tickets/filters", "tickets-filters", "paola", "/tickets/filters"),
    Shot("/tickets/bulk", "tickets-bulk-assign", "paola", "/tickets/bulk?ticket={ticket}&do=assign", IN_WORK),
    Shot("/tickets/bulk", "tickets-bulk-note", "paola", "/tickets/bulk?ticket={ticket}&do=note", IN_WORK),
    Shot("/views", "views", "paola", "/views"),
    Shot("/tickets/new", "tickets-new", "paola", "/tickets/new"),
    Shot(TICKET, "ticket-in-work", "bruno", "/tickets/{ticket}", IN_WORK),
    Shot(TICKET, "ticket-menu", "paola", "/tickets/{ticket}", IN_WORK, click=(".tp-actions .dropdown-toggle",)),
    Shot(TICKET, "ticket-dialog", "paola", "/tickets/{ticket}", IN_WORK,
         click=(".tp-actions .dropdown-toggle", ".tp-actions .dropdown-item >> nth=0")),
    Shot(TICKET, "ticket-internal", "bruno", "/tickets/{ticket}", DEVELOPED, click=(".tp-choice.is-internal",)),
    Shot(TICKET, "ticket-late", "paola", "/tickets/{ticket}", LATE),
    Shot(TICKET, "ticket-closed", "paola", "/tickets/{ticket}", TALKED),
    Shot(TICKET, "ticket-incident", "davide", "/tickets/{ticket}", STUCK),
    Shot(TICKET + "/diagram", "ticket-diagram", "paola", "/tickets/{ticket}/diagram", DEVELOPED),
    Shot(TICKET + "/related", "ticket-related", "paola", "/tickets/{ticket}/related", DEVELOPED),
    Shot(TICKET + "/timeline", "ticket-timeline", "paola", "/tickets/{ticket}/timeline", DEVELOPED),
    Shot(TICKET + "/people", "ticket-people", "paola", "/tickets/{ticket}/people", IN_WORK),
    Shot(TICKET + "/edit/<key:name>", "ticket-edit", "paola", "/tickets/{ticket}/edit/category", IN_WORK),
    Shot(TICKET + "/edit/<key:name>", "ticket-edit-overtaken", "paola", "/tickets/{ticket}/edit/subject", IN_WORK,
         status=409, change=(("[name=seen]", "value", '"Sconto quantità"'),),
         fill=(("#edit-subject", "Sconto quantità non applicato"),), click=("[data-edit] .btn-primary",)),
    Shot(TICKET + "/actions/<key:key>", "ticket-action", "paola", "/tickets/{ticket}/actions/reassign", IN_WORK),
    # service levels
    Shot("/service-levels/<key:package>", "service-levels", "marta", "/service-levels/mrdoc"),
    Shot("/service-levels/<key:package>", "service-levels-refused", "marta", "/service-levels/mrdoc", status=422,
         fill=(("#field-r-2-target", "fra poco"), ("#field-c-0-mon", "8:30-25:00"), ("#field-c-0-country", "QQ"),
               ("#field-c-0-time_zone", "Europe/Atlantide"), ("#field-c-0-closures", "2026-08-14\n2026-13-01")),
         click=(".grid-save .btn-primary",)),
    Shot(TICKET + "/deadlines", "ticket-deadlines", "paola", "/tickets/{ticket}/deadlines", IN_WORK),
    # processes
    Shot("/processes", "processes", "irene", "/processes"),
    Shot("/processes/<key:package>", "processes-package", "irene", "/processes/mrdoc"),
    Shot(VERSION, "processes-version", "irene", "/processes/mrdoc/versions/1?diagram=work.bpmn"),
    Shot(FILE, "processes-decision", "irene", "/processes/mrdoc/versions/1/files/routing.dmn"),
    Shot(FILE, "processes-form", "irene", "/processes/mrdoc/versions/1/files/forms/check.form"),
    Shot(FILE, "processes-says", "irene", "/processes/mrdoc/versions/1/files/package.toml"),
    Shot(FILE, "processes-mail", "irene", "/processes/mrdoc/versions/1/files/mail/quote.txt"),
    Shot(DRAFT, "processes-draft", "irene", "/processes/mrdoc/draft"),
    Shot(DRAFT_FILE, "processes-modeler", "irene", "/processes/mrdoc/draft/files/request.bpmn"),
    Shot(DRAFT_FILE, "processes-source", "irene", "/processes/mrdoc/draft/files/README.md"),
    Shot(DRAFT_FILE, "processes-settings-editor", "irene", "/processes/mrdoc/draft/files/package.toml"),
    Shot(DRAFT_FILE, "processes-mail-editor", "irene", "/processes/mrdoc/draft/files/mail/quote.txt"),
    Shot(DRAFT_FILE, "processes-mail-html-editor", "irene", "/processes/mrdoc/draft/files/mail/quote.html"),
    Shot(DRAFT + "/deploying", "processes-deploying", "irene", "/processes/mrdoc/draft/deploying"),
    Shot(VERSION + "/scenarios", "processes-scenarios", "irene", "/processes/mrdoc/versions/1/scenarios"),
    Shot(DRAFT + "/scenarios", "processes-draft-scenarios", "irene", "/processes/mrdoc/draft/scenarios"),
    Shot(VERSION + "/migrating", "processes-migrating", "irene", "/processes/mrdoc/versions/1/migrating"),
    Shot(VERSION + "/differences", "processes-differences", "irene", "/processes/mrdoc/versions/1/differences"),
    # operations
    Shot("/operations", "operations", "davide", "/operations"),
    Shot("/operations/incidents", "operations-incidents", "davide", "/operations/incidents"),
    Shot(INCIDENT, "operations-incident", "davide", "/operations/incidents/{incident}", STUCK),
    Shot("/operations/instances", "operations-instances", "davide", "/operations/instances"),
    Shot(INSTANCE, "operations-instance", "davide", "/operations/instances/{instance}", STUCK),
    Shot(INSTANCE + "/cancel", "operations-cancel", "davide", "/operations/instances/{instance}/cancel", STUCK),
    Shot(INSTANCE + "/cancel", "operations-cancel-refused", "davide", "/operations/instances/{instance}/cancel", STUCK,
         status=422, change=(("main form", "novalidate", ""),), click=("main .btn-danger",)),
    Shot("/operations/jobs", "operations-jobs", "davide", "/operations/jobs"),
    Shot("/operations/jobs", "operations-jobs-none", "davide", "/operations/jobs?state=failed"),
    Shot("/operations/jobs/<key:job_id>", "operations-job", "davide", "/operations/jobs/{job}", QUOTED),
    Shot("/operations/mails", "operations-mails", "davide", "/operations/mails"),
    Shot("/operations/mails/<key:mail_id>", "operations-mail", "davide", "/operations/mails/{mail}", QUOTED),
    Shot("/operations/messages", "operations-messages", "davide", "/operations/messages"),
    Shot("/operations/timers", "operations-timers", "davide", "/operations/timers"),
    # people
    Shot("/people/accounts", "people-accounts", "marta", "/people/accounts"),
    Shot("/people/accounts/new", "people-invite", "marta", "/people/accounts/new"),
    Shot("/people/accounts/new", "people-invite-refused", "marta", "/people/accounts/new", status=422,
         change=(("main form", "novalidate", ""),), click=("main .btn-primary",)),
    Shot("/people/accounts", "people-accounts-none", "marta", "/people/accounts?text=sommergibile"),
    Shot("/people/accounts/<id:account_id>", "people-account", "marta", "/people/accounts/{account}"),
    Shot("/people/companies", "people-companies", "marta", "/people/companies"),
    Shot("/people/companies/new", "people-company-new", "marta", "/people/companies/new"),
    Shot("/people/companies/<id:company_id>", "people-company", "marta", "/people/companies/{company}"),
    # what went wrong
    Shot(TICKET, "error-missing", "carla", "/tickets/987654", status=404),
    Shot("/people/accounts", "error-forbidden", "bruno", "/people/accounts", status=403),
)  # fmt: skip

#: routes for GET that are no page of their own, and why
NOT_PHOTOGRAPHED = {
    "/": "leads on",
    "/people": "leads on",
    "/sign-in/code": "is seen only between password and code",
    "/static/<path:name>": "a file",
    "/colours/<name>.css": "a file",
    "/healthz": "for machines",
    "/readyz": "for machines",
    "/readyz/worker": "for machines",
    "/session.json": "for scripts",
    "/tickets.csv": "a file",
    "/drafts/<key:place>": "for scripts",
    "/instances/<key:instance_id>/diagram.json": "for scripts",
    "/diagrams/<id:deployment_id>/<file:path>": "a file",
    "/service-levels": "leads to the only package",
    "/processes/<key:package>/versions/<id:version>/diagrams.json": "for scripts",
    "/processes/<key:package>/versions/<id:version>/package.zip": "a file",
    "/processes/<key:package>/versions/<id:version>/saved/<file:path>": "a file",
    "/processes/<key:package>/draft/looked.json": "for scripts",
    "/processes/<key:package>/draft/saved/<file:path>": "a file",
    "/processes/<key:package>/draft/mails/<file:path>": "in a frame of the mail's page",
    "/processes/<key:package>/draft/scenarios/<file:path>": "for scripts",
    "/processes/<key:package>/migrations/<id:migration>": "is seen only after tickets were moved",
    "/processes/<key:package>/draft/coverage.json": "for scripts",
    "/processes/<key:package>/versions/<id:version>/scenarios/<file:path>": "for scripts",
    "/processes/<key:package>/versions/<id:version>/coverage.json": "for scripts",
    "/tickets/<id:ticket_id>/attachments/<id:attachment_id>": "a file",
    "/inbox/list": "a part of the inbox",
    "/tickets/<id:ticket_id>/stream": "a part of the ticket",
    "/tickets/new/people": "a part of opening a ticket",
    "/operations/mails/<key:mail_id>/html": "shown inside the mail's page",
}


def unlisted(routes: set[str]) -> tuple[list[str], list[str]]:
    """Of the routes for GET outside of the API: those that nothing here is said of; and what here has no route."""
    said = {shot.route for shot in SHOTS} | set(NOT_PHOTOGRAPHED)
    pages = {route for route in routes if not route.startswith("/api/")}
    return sorted(pages - said), sorted(said - pages)
