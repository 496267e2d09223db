"""Where the database is, who connects to it, and bringing its schema up to date.

Two roles: the owner of the tables migrates, and the application connects as another role, so that
row-level security holds for every query the application can send.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from redress.config.embedded import Cluster
from redress.config.environment import Environment, Unfit
from redress.config.secret_files import read_or_make_secret

NAME: Final = "redress"
OWNER: Final = "redress_owner"
APPLICATION: Final = "redress_app"
POSTGRESQL_MIN: Final = 150000
CONNECT_SECONDS_MAX: Final = 10
_NAME_CHARS_MAX: Final = 63


@dataclass(frozen=True, slots=True)
class Address:
    """How one role reaches the database."""

    host: str
    port: str
    name: str
    user: str
    password: str
    options: tuple[tuple[str, str], ...] = ()

    def django(self) -> dict[str, Any]:
        """Give the address as one of Django's ``DATABASES``."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": self.port,
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "OPTIONS": self._options(),
        }

    def connect(self) -> psycopg.Connection:
        """Open a connection in autocommit mode."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            dbname=self.name,
            user=self.user,
            password=self.password,
            autocommit=True,
            **self._options(),
        )

    def _options(self) -> dict[str, Any]:
        return {"connect_timeout": CONNECT_SECONDS_MAX, **dict(self.options)}


def owner_address(environment: Environment) -> Address:
    """Give the address of the role that owns the tables."""
    if environment.database_url is None:
        password = read_or_make_secret(environment.home, "database-owner")
        folder = str(Cluster(environment.home).socket_folder)
        return Address(folder, "5432", NAME, OWNER, password)
    said = {name: str(value) for name, value in conninfo_to_dict(environment.database_url).items()}
    return Address(
        host=said.pop("host", ""),
        port=said.pop("port", "5432"),
        name=said.pop("dbname", ""),
        user=said.pop("user", ""),
        password=said.pop("password", ""),
        options=tuple(said.items()),
    )


def application_address(environment: Environment) -> Address:
    """Give the address of the role that the application connects as."""
    owner = owner_address(environment)
    # Roles belong to a whole server: on a shared one, each database has its own.
    shared = environment.database_url is not None
    user = f"{APPLICATION}_{owner.name}"[:_NAME_CHARS_MAX] if shared else APPLICATION
    password = read_or_make_secret(environment.home, "database-application")
    return Address(owner.host, owner.port, owner.name, user, password, owner.options)


@contextlib.contextmanager
def reachable(environment: Environment) -> Iterator[Cluster | None]:
    """See to it that the database runs while the block does, starting the embedded one if need be.

    One process owns the embedded server: whoever holds its lock starts it, and stops it at the end.
    Any other waits until it answers, and uses it.

    Yields:
        The embedded cluster if this process owns it, else None.

    Raises:
        Unfit: it does not start, or ``DATABASE_URL`` does not answer.
    """
    if environment.database_url is not None:
        _see_that_it_answers(owner_address(environment))
        yield None
        return
    cluster = Cluster(environment.home)
    with _lock_file(environment) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            cluster.wait_until_running()
            yield None
            return
        with _started(cluster, environment):
            yield cluster


@contextlib.contextmanager
def owned(environment: Environment, *, tell: Callable[[str], None]) -> Iterator[Cluster | None]:
    """As ``reachable``, but own the embedded server: wait until an import that owns it is done."""
    if environment.database_url is not None:
        with reachable(environment):
            yield None
        return
    cluster = Cluster(environment.home)
    with _lock_file(environment) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Waiting for an import on this data folder to finish ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        with _started(cluster, environment):
            yield cluster


def _lock_file(environment: Environment) -> IO[str]:
    return (environment.home / "database-lock").open("w", encoding="ascii")


@contextlib.contextmanager
def _started(cluster: Cluster, environment: Environment) -> Iterator[None]:
    cluster.start()
    try:
        make_roles_and_database(cluster, environment)
        yield
    finally:
        cluster.stop()


def _see_that_it_answers(address: Address) -> None:
    try:
        with address.connect() as connection:
            version = connection.info.server_version
            may = connection.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else "no answer"
        raise Unfit(
            f"DATABASE_URL does not answer at {address.host}:{address.port} ({reason}); "
            "start that server, mend the address, or unset DATABASE_URL."
        ) from None
    if version < POSTGRESQL_MIN:
        raise Unfit(f"DATABASE_URL is PostgreSQL {version // 10000}; Redress needs 15 or later.")
    if may != (True,):
        raise Unfit(
            f"The user {address.user} of DATABASE_URL may not make tables in {address.name}; make it "
            f"the owner: ALTER DATABASE {address.name} OWNER TO {address.user}."
        )


def make_roles_and_database(cluster: Cluster, environment: Environment) -> None:
    """Make the owner and the database of the embedded cluster; harmless when they are there."""
    owner = owner_address(environment)
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        _make_role(connection, owner.user, owner.password, may="CREATEROLE CREATEDB")
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [owner.name])
        if exists.fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(owner.name), sql.Identifier(owner.user)
                )
            )


def _make_role(connection: psycopg.Connection, name: str, password: str, *, may: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if exists else "CREATE"
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
            sql.SQL(verb), sql.Identifier(name), sql.SQL(may), sql.Literal(password)
        )
    )


def let_application_in(environment: Environment) -> None:
    """Make the application's role, which owns nothing, and let it use what the owner makes.

    Raises:
        Unfit: the owner of an outside database may not make roles.
    """
    owner, application = owner_address(environment), application_address(environment)
    with owner.connect() as connection:
        try:
            _make_role(
                connection,
                application.user,
                application.password,
                may="NOCREATEROLE NOCREATEDB NOINHERIT",
            )
        except psycopg.errors.InsufficientPrivilege:
            raise Unfit(
                f"The user {owner.user} of DATABASE_URL may not make the role {application.user}; "
                f"as an administrator of that server run: ALTER ROLE {owner.user} CREATEROLE."
            ) from None
        role = sql.Identifier(application.user)
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(owner.name), role)
        )
        # A temporary table could stand before a real one in the eyes of a function.
        connection.execute(
            sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(
                sql.Identifier(owner.name)
            )
        )
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        for what, rights in (
            ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
            ("SEQUENCES", "USAGE, SELECT"),
        ):
            for statement in (
                "GRANT {rights} ON ALL {what} IN SCHEMA public TO {role}",
                "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {what} TO {role}",
            ):
                connection.execute(
                    sql.SQL(statement).format(rights=sql.SQL(rights), what=sql.SQL(what), role=role)
                )


def migrate(environment: Environment) -> None:
    """Bring the schema up to date and install the data every installation has.

    Raises:
        Unfit: the database was written by a newer Redress.
    """
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    let_application_in(environment)
    loader = MigrationLoader(connections["owner"])
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    unknown = [name for name in unknown if tuple(name.split(".", 1)) not in replaced]
    if unknown:
        raise Unfit(
            f"The database was written by a newer Redress (it has {unknown[0]}, unknown here); "
            "update this copy, or start on another data folder with REDRESS_HOME."
        )
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("createcachetable", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        role = connections["owner"].ops.quote_name(application_address(environment).user)
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
    connections["owner"].close()
