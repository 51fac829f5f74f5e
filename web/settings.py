"""Every setting of Iter, read once from `ITER_…` variables into one typed value. Nothing else reads the environment.

Reference: `docs/reference/settings.md` (a test compares it with this list).
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "ITER_"


class SettingError(Exception):
    """A variable has a value that can't be used. Its text is one line for who starts Iter."""


def _text(value: str) -> str:
    return value


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(value)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"expected one of {', '.join(words)}")
        return value

    return read


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if urlsplit(value).scheme not in schemes:
            raise ValueError(f"expected an address that begins with {' or '.join(s + ':' for s in schemes)}")
        return value

    return read


def _mailbox(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]) or not value.isprintable():
        raise ValueError("expected an address such as Support <support@example.com>")
    return value


def _yes_or_no(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError("expected yes or no")
    return value == "yes"


def _setting(read: Callable[[str], Any], default: Any, meaning: str) -> Any:
    """A field of `Settings`: how its text is read, its default, and what it is for."""
    return field(default=default, metadata={"read": read, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one start of Iter was told. Sizes are in bytes, times in seconds unless the name says otherwise."""

    host: str = _setting(_text, "127.0.0.1", "address that the server listens on")
    port: int = _setting(_whole(0, 65535), 8000, "port that the server listens on; 0 takes a free one")
    base_url: str = _setting(_url("http", "https"), "", "address that mails link to; by default the host and port")
    database_url: str = _setting(
        _url("sqlite", "postgresql", "postgresql+psycopg"), "sqlite:///var/iter.sqlite3", "database"
    )
    smtp_url: str = _setting(
        _url("smtp", "smtps", "smtp+starttls"),
        "",
        "mail server; without one, mail is kept",
    )
    mail_from: str = _setting(_mailbox, "Iter <iter@localhost>", "sender of invitations and other mails of Iter itself")
    webhook_private_hosts: str = _setting(
        _text, "", "hosts, separated by spaces, that webhooks may reach although their addresses are private"
    )
    workflows: Path = _setting(Path, Path("workflows"), "folder whose packages are deployed at start-up")  # noqa: RUF009
    max_body: int = _setting(_whole(1_024, 100_000_000), 1_048_576, "largest body of a request")
    max_package: int = _setting(_whole(1_024, 1_000_000_000), 8_388_608, "largest package, packed and unpacked")
    max_attachment: int = _setting(_whole(1_024, 1_000_000_000), 26_214_400, "largest file that is attached")
    threads: int = _setting(_whole(1, 256), 8, "requests that `iter serve` answers at the same time")
    proxies: int = _setting(_whole(0, 10), 0, "proxies in front, one behind the other, that tell who sent a request")
    token_days: int = _setting(_whole(1, 3_650), 30, "days for which a token made from a password is valid")
    session_idle_minutes: int = _setting(
        _whole(5, 525_600), 720, "minutes after which a session in which nothing is done ends"
    )
    session_days: int = _setting(_whole(1, 365), 14, "days after which a session ends, whatever is done in it")
    demo: bool = _setting(_yes_or_no, False, "`iter serve` fills an empty database with demonstration data")
    log_level: str = _setting(_one_of("debug", "info", "warning", "error"), "info", "least serious thing to log")
    profile: str = _setting(_one_of("production", "test"), "production", "`test` allows the test clock")
    test_clock: Path | None = _setting(  # noqa: RUF009
        Path, None, "file with the instant that Iter takes for now; only with the test profile, on loopback"
    )

    @property
    def is_local(self) -> bool:
        """Whether, as far as settings tell, people reach it from this machine alone."""
        host = urlsplit(self.base_url).hostname or self.host
        return is_loopback(self.host) and is_loopback(host) and not self.proxies

    @property
    def address(self) -> str:
        """Where people reach Iter, without a slash at the end."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"


def variable(setting: Field[Any]) -> str:
    """Name of the environment variable that holds a setting."""
    return PREFIX + setting.name.upper()


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment gives; an empty variable counts as none. Raises `SettingError`."""
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        name = variable(setting)
        if environment.get(name):
            try:
                values[setting.name] = setting.metadata["read"](environment[name])
            except ValueError as error:
                raise SettingError(f"{name} is {environment[name]!r}, but {error}") from None
    return _consistent(Settings(**values))


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings and aren't: most likely misspelt."""
    known = {variable(setting) for setting in fields(Settings)}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _consistent(settings: Settings) -> Settings:
    """A test clock would let whoever writes the file move every deadline, so nobody else may reach such a server."""
    if settings.test_clock is not None:
        if settings.profile != "test":
            raise SettingError("ITER_TEST_CLOCK is accepted only with ITER_PROFILE=test")
        if not is_loopback(settings.host):
            raise SettingError(f"ITER_TEST_CLOCK is accepted only on loopback, but ITER_HOST is {settings.host!r}")
    return settings


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
