"""What every command works with: database, clock, sandbox, settings, and the versions it has read. No command here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from engine.domain.policies import Policy
from engine.job_handlers.values import HandlerSettings
from engine.spiff.expressions import Sandbox
from engine.spiff.versions import PackageVersion, read_version
from engine.storage import packages
from engine.storage.database import Database


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What the operator says."""

    handlers: HandlerSettings = field(default_factory=HandlerSettings)
    #: where people reach Iter, without a slash at the end; mails link to it
    base_url: str = "http://127.0.0.1:8000"
    #: bytes of the largest file that is taken as an attachment
    max_attachment: int = 26_214_400
    #: whom the mails that Iter itself writes come from
    mail_from: str = "Iter <iter@localhost>"
    #: a session in which nothing was done for so long is over
    session_idle: timedelta = timedelta(hours=12)
    #: so long a session lasts, whatever is done in it
    session_lifetime: timedelta = timedelta(days=14)


@dataclass
class Engine:
    """Handed to every command and query. Safe to share between threads."""

    database: Database
    #: the only clock of commands: gives the aware instant that counts as now
    clock: Callable[[], datetime]
    sandbox: Sandbox
    settings: EngineSettings = field(default_factory=EngineSettings)
    #: set after each commit that left something to do, so that the worker needn't wait
    wake: threading.Event = field(default_factory=threading.Event)
    _versions: dict[int, PackageVersion] = field(default_factory=dict, repr=False)
    _policies: dict[int, Policy] = field(default_factory=dict, repr=False)
    _policy_ids: dict[tuple[str, int], int] = field(default_factory=dict, repr=False)
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def version(self, deployment_id: int, tx: Connection | None = None) -> PackageVersion:
        """A deployed version, read once per process. With `tx`, files are read in that transaction."""
        known = self._versions.get(deployment_id)
        return known or self._read_version(deployment_id, tx)

    def remember(self, deployment_id: int, version: PackageVersion) -> None:
        """Keep a version that was read before it was committed."""
        self._versions[deployment_id] = version

    def _read_version(self, deployment_id: int, tx: Connection | None) -> PackageVersion:
        with self._reading:
            if deployment_id not in self._versions:
                if tx is None:
                    with self.database.read() as reading:
                        files = packages.files(reading, deployment_id)
                else:
                    files = packages.files(tx, deployment_id)
                self._versions[deployment_id] = read_version(files, trusted=True)
            return self._versions[deployment_id]

    def policy(self, policy_id: int, tx: Connection) -> Policy:
        """A version of a policy, read once per process."""
        if policy_id not in self._policies:
            self._policies[policy_id] = Policy.from_json(packages.policy(tx, policy_id).content)
        return self._policies[policy_id]

    def policy_version(self, package_id: str, version: int, tx: Connection) -> Policy:
        """A version of a package's policy by its number, read once per process."""
        key = (package_id, version)
        if key not in self._policy_ids:
            self._policy_ids[key] = packages.policy_id(tx, package_id, version)
        return self.policy(self._policy_ids[key], tx)
