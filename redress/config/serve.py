"""`redress serve`: the database, the web server and the task worker under one supervisor."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import django
import psutil

from redress.config.database import owned
from redress.config.environment import Environment, Unfit, open_home

STOP_SECONDS_MAX: Final = 20
RESTARTS_MAX: Final = 5
HEALTHY_SECONDS: Final = 60
_POLL_SECONDS: Final = 0.2


def serve(environment: Environment) -> int:
    """Start everything, stay in the foreground, stop everything on Ctrl-C or SIGTERM.

    Returns:
        0 after a clean stop.

    Raises:
        Unfit: the machine or the settings do not let it start.
    """
    open_home(environment.home)
    django.setup()
    from redress.config.prepare import prepare  # noqa: PLC0415 - models load after setup

    stopping = _Stopping()
    with _only_one(environment.home):
        _end_leftovers(environment.home)
        with _listening(environment) as listener, owned(environment, tell=_say) as cluster:
            prepare(environment, say=_say)
            processes = _Processes(environment, listener.fileno())
            try:
                processes.start()
                _say_where(environment)
                while not stopping.asked:
                    time.sleep(_POLL_SECONDS)
                    processes.restart_dead()
                    if cluster is not None and cluster.has_died():
                        raise Unfit(
                            f"The embedded database stopped; its log is {cluster.log_path}."
                        )
            finally:
                processes.stop()
    return 0


class _Stopping:
    """Remembers that a stop was asked for; asking twice changes nothing."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.asked:
            return
        self.asked = True
        _say("Stopping ...")


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[None]:
    with (home / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Unfit(
                f"Redress already runs on the data folder {home} (process {lock.read().strip()}); "
                "stop it first, or set REDRESS_HOME to another folder."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def _listening(environment: Environment) -> Iterator[socket.socket]:
    """Take the port before anything else starts, and hand it to the web server.

    Raises:
        Unfit: the port cannot be used.
    """
    family = socket.AF_INET6 if ":" in environment.bind else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((environment.bind, environment.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise Unfit(
            f"Port {environment.port} on {environment.bind} cannot be used ({error.strerror}); "
            "stop what uses it, or set PORT to another number."
        ) from None
    with listener:
        yield listener


class _Processes:
    """The web server and the task worker, each in a session of its own."""

    def __init__(self, environment: Environment, listener: int) -> None:
        self._listener = listener
        self._pids_path = environment.home / "processes"
        self._commands = {
            "web": [sys.executable, "-m", "redress.config.web", str(listener)],
            "task worker": [sys.executable, "-m", "redress.config.tasks"],
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started_at: dict[str, float] = {}
        self._restarts: dict[str, int] = {}

    def start(self) -> None:
        """Start both."""
        for name in self._commands:
            self._start(name)

    def restart_dead(self) -> None:
        """Start again whichever died.

        Raises:
            Unfit: one dies again and again.
        """
        for name, process in list(self._running.items()):
            if process.poll() is None:
                continue
            lived = time.monotonic() - self._started_at[name]
            self._restarts[name] = 1 if lived > HEALTHY_SECONDS else self._restarts.get(name, 0) + 1
            if self._restarts[name] > RESTARTS_MAX:
                raise Unfit(f"The {name} stops again and again; see the lines above.")
            _say(f"The {name} stopped (exit {process.returncode}); starting it again.")
            self._start(name)

    def stop(self) -> None:
        """Ask both to finish what they are at, then end them."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._pids_path.unlink(missing_ok=True)

    def _start(self, name: str) -> None:
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            self._commands[name],
            stdin=subprocess.DEVNULL,
            pass_fds=[self._listener] if name == "web" else [],
            start_new_session=True,  # Ctrl-C must reach the supervisor only
        )
        self._started_at[name] = time.monotonic()
        pids = [str(process.pid) for process in self._running.values()]
        self._pids_path.write_text("\n".join(pids), encoding="ascii")


def _end_leftovers(home: Path) -> None:
    """End the web server and worker of a supervisor that was killed before it could."""
    try:
        pids = [int(line) for line in (home / "processes").read_text(encoding="ascii").split()]
    except (OSError, ValueError):
        return
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            ours = any(word.startswith("redress.config.") for word in process.cmdline())
            if ours and process.environ().get("REDRESS_HOME") == str(home):
                process.kill()
                process.wait(STOP_SECONDS_MAX)


def _say_where(environment: Environment) -> None:
    from redress.demonstration.accounts import PASSWORD, demonstration_accounts  # noqa: PLC0415

    _say(f"\nRedress is at http://localhost:{environment.port}/")
    accounts = demonstration_accounts() if environment.demonstration else []
    if accounts:
        _say(f"Demonstration accounts, all with the password {PASSWORD} :")
        for username, what in accounts:
            _say(f"  {username:<14} {what}")
    _say("Ctrl-C stops it; the data stays in " + str(environment.home) + ".\n")


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
