"""What the environment says, read once, checked, and typed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

PORT_MAX: Final = 65535
HOME_MODE: Final = 0o700
_MAIL_PORTS: Final = {"smtp": 25, "smtps": 465}
OWN_SCHEMES: Final = Path(__file__).resolve().parents[2] / "schemes"


class Unfit(Exception):
    """The machine or its settings do not let Redress start; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server; ``tls`` is "" | "starttls" | "tls"."""

    host: str
    port: int
    user: str
    password: str
    tls: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings of one installation.

    Attributes:
        home: data folder: keys, database, files waiting.
        port: port of the web server.
        bind: address the web server listens on.
        database_url: another PostgreSQL, or None for the embedded one.
        hosts: host names the site answers to.
        https: the site is served over TLS by a proxy that sets ``X-Forwarded-Proto``.
        demonstration: load the demonstration province on the first start.
        schemes: folder of the scheme packs in force.
        smtp: the mail server that reminders go out by, or None for none.
        mail_from: whom mail is from.
        address: the site's own address, as it stands in mail.
    """

    home: Path
    port: int
    bind: str
    database_url: str | None
    hosts: tuple[str, ...]
    https: bool
    demonstration: bool
    schemes: Path
    smtp: MailServer | None
    mail_from: str
    address: str


def read_environment(given: Mapping[str, str] | None = None) -> Environment:
    """Read and check the environment.

    Raises:
        Unfit: a variable has a value that cannot be used; names the variable.
    """
    env = os.environ if given is None else given
    hosts = tuple((env.get("REDRESS_HOSTS") or "localhost,127.0.0.1,[::1]").split(","))
    https = _yes_or_no("REDRESS_HTTPS", env.get("REDRESS_HTTPS") or "no")
    port = _port(env.get("PORT") or "8000")
    return Environment(
        home=Path(env.get("REDRESS_HOME") or "var").absolute(),
        port=port,
        bind=env.get("REDRESS_BIND") or "127.0.0.1",
        database_url=_database_url(env.get("DATABASE_URL")),
        hosts=hosts,
        https=https,
        demonstration=_yes_or_no(
            "REDRESS_DEMONSTRATION", env.get("REDRESS_DEMONSTRATION") or "yes"
        ),
        schemes=Path(env.get("REDRESS_SCHEMES") or OWN_SCHEMES).absolute(),
        smtp=_mail_server(env.get("REDRESS_SMTP")),
        mail_from=env.get("REDRESS_MAIL_FROM") or f"redress@{hosts[0]}",
        address=f"https://{hosts[0]}" if https else f"http://{hosts[0]}:{port}",
    )


def _mail_server(written: str | None) -> MailServer | None:
    if not written:
        return None
    try:
        said = urlsplit(written)
        port = said.port
    except ValueError:
        said, port = urlsplit(""), None
    if said.scheme not in _MAIL_PORTS or not said.hostname:
        raise Unfit(
            "REDRESS_SMTP is not the address of a mail server; write it as "
            "smtp://user:password@host:587 (STARTTLS if there is a user), smtps://host:465 or "
            "smtp://host:25."
        )
    tls = "tls" if said.scheme == "smtps" else ("starttls" if said.username else "")
    return MailServer(
        host=said.hostname,
        port=port or _MAIL_PORTS[said.scheme],
        user=unquote(said.username or ""),
        password=unquote(said.password or ""),
        tls=tls,
    )


def _port(written: str) -> int:
    if not (written.isascii() and written.isdigit() and 0 < int(written) <= PORT_MAX):
        raise Unfit(f"PORT is {written!r}; set it to a number from 1 to {PORT_MAX}.")
    return int(written)


def _database_url(written: str | None) -> str | None:
    if not written:
        return None
    # It takes a quarter of a second to load, and most commands have no database.
    from psycopg import ProgrammingError  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        said = conninfo_to_dict(written)
    except ProgrammingError:
        said = {}
    if not said.get("dbname") or not said.get("user"):
        raise Unfit(
            "DATABASE_URL is not the address of a PostgreSQL database; "
            "write it as postgresql://user:password@host:5432/name."
        )
    return written


def _yes_or_no(name: str, written: str) -> bool:
    if written not in {"yes", "no"}:
        raise Unfit(f"{name} is {written!r}; set it to yes or no.")
    return written == "yes"


def open_home(home: Path) -> None:
    """Make the data folder if it is absent, and see that it can be written.

    Raises:
        Unfit: it cannot be made or written; names the folder.
    """
    try:
        home.mkdir(mode=HOME_MODE, parents=True, exist_ok=True)
        probe = home / ".may-be-written"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Unfit(
            f"The data folder {home} cannot be written ({error.strerror}); "
            "mend its rights, or set REDRESS_HOME to a folder of yours."
        ) from None
