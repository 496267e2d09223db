"""The embedded PostgreSQL: a small supervisor over the programs of a wheel.

The wheel's own start helper is not used: it adds a system user, loosens the rights of every parent
folder and gives up after ten seconds. Traps handled here: PostgreSQL refuses to run as root; after a
kill -9 its lock file names a process that may not be reaped yet; a busy machine starts it slowly.
"""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from redress.config.binaries import runnable_binaries, version_of
from redress.config.environment import Unfit
from redress.config.secret_files import read_or_make_secret, write_secret
from redress.config.unprivileged import Runner, unprivileged_runner

SUPERUSER: Final = "postgres"
START_SECONDS_MAX: Final = 120.0
STOP_SECONDS_MAX: Final = 60.0
ATTEMPTS_MAX: Final = 20
# sun_path of a Unix socket address holds 107 bytes; PostgreSQL adds "/.s.PGSQL.5432".
SOCKET_FOLDER_CHARS_MAX: Final = 90
_BUILTIN_LOCALE_SINCE: Final = 18
_SETTINGS: Final = {
    "listen_addresses": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "log_destination": "stderr",
    "log_min_messages": "warning",
    # Statements carry people's words; they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",  # no DETAIL: it quotes keys and rows
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(slots=True)
class Cluster:
    """One embedded PostgreSQL under a data folder.

    Attributes:
        home: the data folder of the installation.
        folder: where the database itself lies; inside ``home`` unless PostgreSQL's user cannot
            reach that (root's own home), then under ``/var/lib/redress``.
        tuning: server settings besides our own.
    """

    home: Path
    tuning: Mapping[str, str] = field(default_factory=dict)
    folder: Path = field(init=False)
    _runner: Runner = field(init=False)
    _binaries: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._runner = unprivileged_runner()
        self.folder = self._reachable_folder()

    @property
    def data(self) -> Path:
        """The folder that initdb made."""
        return self.folder / "data"

    @property
    def log_path(self) -> Path:
        """Where the server writes its log."""
        return self.folder / "postgresql.log"

    @property
    def socket_folder(self) -> Path:
        """Where the server listens: beside the data, or under /tmp where that path is too long."""
        beside = self.folder / "socket"
        if len(str(beside)) <= SOCKET_FOLDER_CHARS_MAX:
            return beside
        return Path(tempfile.gettempdir()) / f"redress-{_digest(self.folder)}"

    @property
    def password_path(self) -> Path:
        """Where the superuser's password lies, readable by us alone."""
        return self.home / "keys" / "database-superuser"

    def address(self, *, database: str = "postgres") -> str:
        """Give the connection string of the superuser."""
        return make_conninfo(
            host=str(self.socket_folder),
            port="5432",
            user=SUPERUSER,
            password=self.password_path.read_text(encoding="ascii"),
            dbname=database,
        )

    def is_running(self) -> bool:
        """Ask the server itself."""
        if not self.password_path.exists():
            return False
        try:
            psycopg.connect(self.address(), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_until_running(self) -> None:
        """Wait until the server that another process starts answers.

        Raises:
            Unfit: it does not.
        """
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self.is_running():
            if time.monotonic() > deadline:
                raise Unfit(f"The embedded database does not answer; its log is {self.log_path}.")
            time.sleep(0.1)

    def start(self) -> None:
        """Make the cluster on the first start, then start the server and wait until it answers.

        A server left over from a killed supervisor is stopped first.

        Raises:
            Unfit: it did not start; names the log.
        """
        self._runner.make_folder(self.folder)
        self._binaries = runnable_binaries(self._runner, copy_to=self.folder / "binaries")
        if not (self.data / "PG_VERSION").exists():
            self._init()
        if not self.password_path.exists():
            raise Unfit(
                f"There is a database in {self.folder}, but its keys in {self.password_path.parent} "
                "are gone; put them back, or move that database away to start anew."
            )
        self._refuse_other_version()
        self._runner.make_folder(self.socket_folder)
        self._stop_leftover()
        deadline = time.monotonic() + START_SECONDS_MAX
        for attempt in range(ATTEMPTS_MAX):
            if self._start_once(deadline):
                return
            if time.monotonic() > deadline:
                break
            # The lock and the shared memory of a killed server outlive it by a moment.
            time.sleep(min(0.1 * 2**attempt, 3.0))
        raise Unfit(f"The embedded database did not start; its log is {self.log_path}.")

    def stop(self) -> None:
        """Shut the server down: running transactions are rolled back, all else is on disk."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_SECONDS_MAX)

    def has_died(self) -> bool:
        """Say whether the server we started is gone."""
        return self._process is not None and self._process.poll() is not None

    def _start_once(self, deadline: float) -> bool:
        chosen = {**_SETTINGS, **self.tuning}
        settings = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
        command = [
            str(self._binaries / "postgres"),
            *("-D", str(self.data), "-k", str(self.socket_folder), *settings),
        ]
        with self.log_path.open("ab") as log:
            self._process = self._runner.start(command, folder=self.folder, log=log)
        while self._process.poll() is None:
            if self.is_running():
                return True
            if time.monotonic() > deadline:
                self._process.kill()
                self._process.wait()
                return False
            time.sleep(0.05)
        return False

    def _stop_leftover(self) -> None:
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
            process = psutil.Process(pid)
            command = process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return
        if str(self.data) not in command:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS_MAX)
        except psutil.TimeoutExpired:
            raise Unfit(
                f"A database left from an earlier run (process {pid}) does not stop; end it."
            ) from None

    def _init(self) -> None:
        # A folder without PG_VERSION was never finished: nothing of anyone's is in it.
        shutil.rmtree(self.data, ignore_errors=True)
        handed_over = self.folder / "password"
        write_secret(handed_over, read_or_make_secret(self.home, self.password_path.name))
        self._runner.give(handed_over)
        locale = ["--locale=C"]
        if version_of(self._binaries) >= _BUILTIN_LOCALE_SINCE:
            locale += ["--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
        command = [
            str(self._binaries / "initdb"),
            *("-D", str(self.data), "-U", SUPERUSER, "--encoding=UTF8", "--auth=scram-sha-256"),
            *("--pwfile", str(handed_over), "--data-checksums", *locale),
        ]
        done = self._runner.run(command, folder=self.folder)
        handed_over.unlink()
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Unfit(f"The embedded database could not be made: {done.stderr.strip()[-400:]}")

    def _refuse_other_version(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        installed = version_of(self._binaries)
        if made_by != installed:
            raise Unfit(
                f"The database in {self.data} was made by PostgreSQL {made_by}, and PostgreSQL "
                f"{installed} is installed; move the data with pg_dump first."
            )

    def _reachable_folder(self) -> Path:
        inside = self.home / "postgresql"
        if self._runner.user is None:
            return inside
        # Whoever runs PostgreSQL must pass through; the keys beside it stay closed.
        self.home.chmod(0o711)
        # Where a database is, it stays: a parent folder closed later must not start an empty one.
        stays = (inside / "data" / "PG_VERSION").exists()
        if stays or self._runner.can("test", "-x", str(self.home)):
            return inside
        return Path("/var/lib/redress") / _digest(self.home)


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:16]
