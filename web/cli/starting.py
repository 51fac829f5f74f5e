"""What `iter serve` does before it listens: deploying `workflows/`, and the first accounts of a new installation."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

from engine.domain.actors import SYSTEM
from engine.domain.errors import IterError, Refused
from engine.domain.packages import Package, Role, text
from web.cli.people import company_named, has_accounts
from web.settings import Settings

if TYPE_CHECKING:
    from engine.commands.engine import Engine
    from engine.commands.packages.folders import FolderState

#: where the addresses of first accounts are: nobody's mail (RFC 2606)
DOMAIN = "example.com"
FIRST_COMPANY = "Example"
#: problems of a refused package that are told at start-up
SHOWN = 10


def deploy_workflows(engine: Engine, settings: Settings) -> None:
    """Deploys what is new in the folder of workflows, and says what came of it.

    A package that is refused keeps neither the others nor the server from starting.
    """
    from engine.commands.packages.folders import deploy_folder, find_packages

    for folder in find_packages(settings.workflows):
        try:
            found = deploy_folder(engine, folder)
        except Refused as refused:
            click.echo(f"{folder} was refused, see `iter check {folder}`:", err=True)
            for problem in refused.problems[:SHOWN]:
                click.echo(f"  {problem.file}: {problem.problem} {problem.remedy}", err=True)
        except IterError as error:
            click.echo(f"{folder} was refused: {error}", err=True)
        else:
            _tell(found)


def _tell(found: FolderState) -> None:
    if found.deployment is not None:
        click.echo(f"{found.folder}: deployed as version {found.deployment.version} of {found.deployment.package}")
    elif found.state == "differs":
        click.echo(f"{found.folder} differs from what is in force, and wasn't deployed: see `iter diff`")


def make_first_accounts(engine: Engine, settings: Settings) -> None:
    """In a new installation: an administrator with a token, and one account for each role of each package.

    Where a demonstration is asked for, its people have the roles of their package. Passwords and the token are
    printed this once; only their hashes are kept.
    """
    if has_accounts(engine):
        return
    from engine.commands.demonstration import packages_with_one
    from engine.commands.people import accounts, tokens

    demonstrated = packages_with_one(engine) if settings.demo else []
    packages = [package for package in read_packages(engine) if package.id not in demonstrated]
    click.echo("First accounts with their passwords (shown this once):")
    admin = _account(engine, f"admin@{DOMAIN}", "Administrator", administrator=True)
    for package in packages:
        for role in package.roles.values():
            email = f"{role.key}@{package.id}.{DOMAIN}"
            account_id = _account(engine, email, _name(role, package), customer=role.kind == "customer")
            departments = [] if role.kind == "customer" else list(package.departments)
            accounts.set_memberships(engine, SYSTEM, account_id, package.id, {role.key: departments})
    token = tokens.create(engine, SYSTEM, name="first token", lifetime=None, account_id=admin)
    click.echo(f"  API token: {token.secret}  (admin@{DOMAIN})")


def _account(engine: Engine, email: str, name: str, *, customer: bool = False, administrator: bool = False) -> int:
    from engine.commands.people import accounts

    password = secrets.token_urlsafe(12)
    account_id = accounts.create(
        engine, SYSTEM, email=email, name=name, kind="customer" if customer else "staff",
        company=company_named(engine, FIRST_COMPANY) if customer else None,
        password=password, administrator=administrator,
    )  # fmt: skip
    click.echo(f"  {email}  {password}")
    return account_id


def read_packages(engine: Engine) -> list[Package]:
    """All packages in their latest versions, which are read from now on: it takes a while, once per process."""
    from engine.queries.reading import reading

    with reading(engine, SYSTEM) as reader:
        return list(reader.packages.values())


def _name(role: Role, package: Package) -> str:
    return f"{text(role.label, package.language)} ({text(package.title, package.language)})"
