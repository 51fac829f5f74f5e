"""`iter accounts …`: who can log in, their roles, passwords and tokens, for whoever has the machine."""

from __future__ import annotations

import secrets
from datetime import timedelta

import click

from engine.domain.actors import SYSTEM
from web.cli.opening import engine_of
from web.cli.people import account_by_email, all_accounts, company_named
from web.settings import read_settings
from web.texts import LANGUAGES


@click.group()
def accounts() -> None:
    """Accounts: add, invite, edit, list, roles, passwords, sessions, tokens, disable."""


@accounts.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--company", help="Name of the customer's company; it is made where it is new. Without it: staff.")
@click.option("--password", help="Generated and printed where none is given.")
@click.option("--administrator", is_flag=True, help="Of the whole installation.")
def add(email: str, name: str, company: str | None, password: str | None, administrator: bool) -> None:
    """Add an account; its password is printed if it was generated."""
    from engine.commands.people import accounts as commands

    chosen = password or secrets.token_urlsafe(12)
    with engine_of(read_settings()) as engine:
        company_id = company_named(engine, company) if company else None
        account_id = commands.create(
            engine, SYSTEM, email=email, name=name, kind="customer" if company else "staff", company=company_id,
            password=chosen, administrator=administrator,
        )  # fmt: skip
    click.echo(f"{account_id}  {email}" + ("" if password else f"  password: {chosen}"))


@accounts.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--company", help="Name of the customer's company; it is made where it is new. Without it: staff.")
@click.option("--administrator", is_flag=True, help="Of the whole installation.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the mail.")
def invite(email: str, name: str, company: str | None, administrator: bool, language: str) -> None:
    """Add an account whose owner chooses the password: mails the link, and prints it.

    For an account that waits for its owner, a new link takes the place of the old.
    """
    from engine.commands.people.links import invitations
    from engine.storage.people import accounts as store

    with engine_of(read_settings()) as engine:
        with engine.database.read() as tx:
            there = store.by_email(tx, email.strip().lower())
        if there is not None:
            invited = invitations.again(engine, SYSTEM, there.id, speaks=language)
        else:
            company_id = company_named(engine, company) if company else None
            invited = invitations.invite(
                engine, SYSTEM, email=email, name=name, kind="customer" if company else "staff", company=company_id,
                administrator=administrator, language=language,
            )  # fmt: skip
        click.echo(f"{invited.account_id}  {email}  {engine.settings.base_url}/invitation/{invited.secret}")


@accounts.command()
@click.argument("email")
@click.option("--name", help="What its owner is called.")
@click.option("--company", help="Of a customer; it is made where it is new.")
def edit(email: str, name: str | None, company: str | None) -> None:
    """Give an account another name, or a customer another company."""
    from engine.commands.people import accounts as commands

    with engine_of(read_settings()) as engine:
        company_id = company_named(engine, company) if company else None
        commands.edit(engine, SYSTEM, account_by_email(engine, email), name=name, company=company_id)
    click.echo(f"{email} is changed")


@accounts.command("list")
@click.option("--kind", type=click.Choice(["staff", "customer"]))
@click.option("--company", help="Name of a company.")
@click.option("--state", type=click.Choice(["active", "invited", "disabled"]))
@click.option("--text", help="Part of the name or address.")
def list_accounts(kind: str | None, company: str | None, state: str | None, text: str | None) -> None:
    """List accounts with what they are in each package."""
    with engine_of(read_settings()) as engine:
        for account in all_accounts(engine, kind=kind, company=company, state=state, text=text):
            click.echo(account)


@accounts.command()
@click.argument("email")
def sessions(email: str) -> None:
    """List where an account is signed in: session, last seen, address, browser."""
    from engine.queries.people import sessions as reads

    with engine_of(read_settings()) as engine:
        for session in reads.of_account(engine, SYSTEM, account_by_email(engine, email)):
            seen = session.last_seen_at.isoformat(timespec="minutes")
            click.echo("  ".join([str(session.id), seen, session.address or "-", session.agent]).rstrip())


@accounts.command("end-sessions")
@click.argument("email")
@click.option("--session", "session_id", type=int, help="Only this one.")
def end_sessions(email: str, session_id: int | None) -> None:
    """Sign an account out, everywhere or in one session."""
    from engine.commands.people import sessions as commands

    with engine_of(read_settings()) as engine:
        account_id = account_by_email(engine, email)
        if session_id is None:
            ended = commands.end_others(engine, SYSTEM, account_id=account_id)
        else:
            commands.end(engine, SYSTEM, session_id, of=account_id)
            ended = 1
    click.echo(f"{email}: {ended} session{'s' * (ended != 1)} ended")


@accounts.command("two-factor-off")
@click.argument("email")
def two_factor_off(email: str) -> None:
    """Switch two-factor sign-in off for who lost phone and recovery codes; they are told by mail."""
    from engine.commands.people import two_factor

    with engine_of(read_settings()) as engine:
        two_factor.reset(engine, SYSTEM, account_by_email(engine, email))
    click.echo(f"{email} signs in by password alone")


@accounts.command()
@click.argument("email")
@click.argument("new")
def address(email: str, new: str) -> None:
    """Give an account the address NEW, at once; the old one is told."""
    from engine.commands.people.links import addresses

    with engine_of(read_settings()) as engine:
        addresses.set_directly(engine, SYSTEM, account_by_email(engine, email), new)
    click.echo(f"{email} is {new} now")


@accounts.command()
@click.argument("email")
@click.argument("package")
@click.argument("roles", metavar="ROLE[:DEPARTMENT,…]…", nargs=-1)
def roles(email: str, package: str, roles: tuple[str, ...]) -> None:
    """Say what an account is in PACKAGE, in place of what it was, each role with its departments."""
    from engine.commands.people import accounts as commands

    wanted = {role: departments.split(",") if departments else [] for role, _, departments in _parted(roles)}
    with engine_of(read_settings()) as engine:
        commands.set_memberships(engine, SYSTEM, account_by_email(engine, email), package, wanted)
    click.echo(f"{email} in {package}: {', '.join(roles) or 'nothing'}")


@accounts.command()
@click.argument("email")
@click.option("--password", help="Generated and printed where none is given.")
def password(email: str, password: str | None) -> None:
    """Set an account's password; all of its sessions and tokens end."""
    from engine.commands.people import accounts as commands

    chosen = password or secrets.token_urlsafe(12)
    with engine_of(read_settings()) as engine:
        commands.set_password(engine, SYSTEM, account_by_email(engine, email), chosen)
    click.echo(f"{email}" + ("" if password else f"  password: {chosen}"))


@accounts.command()
@click.argument("email")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the mail.")
def recover(email: str, language: str) -> None:
    """Mail an account's owner a link to choose a new password."""
    from engine.commands.people.links import recovery

    with engine_of(read_settings()) as engine:
        account_by_email(engine, email)
        recovery.ask(engine, email, language=language)
    click.echo(f"a link is on its way to {email}")


@accounts.command()
@click.argument("email")
@click.option("--name", default="", help="What it is for.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(["read", "write", "admin"]), help="Default: all.")
@click.option("--days", type=click.IntRange(1, 3650), help="Default: until it is revoked.")
def token(email: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a bearer token and print it, this once."""
    from engine.commands.people import tokens

    lifetime = timedelta(days=days) if days else None
    with engine_of(read_settings()) as engine:
        account_id = account_by_email(engine, email)
        issued = tokens.create(
            engine, SYSTEM, name=name, scopes=scopes or None, lifetime=lifetime, account_id=account_id
        )
    click.echo(issued.secret)


@accounts.command("tokens")
@click.argument("email")
def list_tokens(email: str) -> None:
    """List an account's bearer tokens: id, name, scopes, last use, and whether it counts."""
    from engine.queries.people import tokens as reads

    with engine_of(read_settings()) as engine:
        for token in reads.of_account(engine, SYSTEM, account_by_email(engine, email)):
            used = token.last_used_at.isoformat(timespec="minutes") if token.last_used_at else "never used"
            scopes = ",".join(token.scopes) if token.scopes else "all"
            click.echo("  ".join([str(token.id), token.name or "-", scopes, used, "revoked" * bool(token.revoked_at)]))


@accounts.command()
@click.argument("email")
@click.argument("token", type=int)
def revoke(email: str, token: int) -> None:
    """Have a bearer token count no more."""
    from engine.commands.people import tokens as commands
    from engine.queries.people import tokens as reads

    with engine_of(read_settings()) as engine:
        if token not in [one.id for one in reads.of_account(engine, SYSTEM, account_by_email(engine, email))]:
            raise click.ClickException(f"{email} has no token {token}; `iter accounts tokens {email}` lists them.")
        commands.revoke(engine, SYSTEM, token)
    click.echo(f"token {token} counts no more")


@accounts.command()
@click.argument("email")
def disable(email: str) -> None:
    """Disable an account: nobody signs in to it, its sessions and tokens end, it gets no mail."""
    _set_active(email, active=False)


@accounts.command()
@click.argument("email")
def enable(email: str) -> None:
    """Enable an account again."""
    _set_active(email, active=True)


def _set_active(email: str, *, active: bool) -> None:
    from engine.commands.people import accounts as commands

    with engine_of(read_settings()) as engine:
        (commands.enable if active else commands.disable)(engine, SYSTEM, account_by_email(engine, email))
    click.echo(f"{email} is {'enabled' if active else 'disabled'}")


def _parted(roles: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [role.partition(":") for role in roles]


VERBS = (accounts,)
