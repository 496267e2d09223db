"""Run programs as a user without rights: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from redress.config.environment import Unfit


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs programs as a user, or as ourselves where ``user`` is None."""

    user: str | None

    @property
    def uid(self) -> int:
        """The number of the user that programs run as."""
        return os.geteuid() if self.user is None else pwd.getpwnam(self.user).pw_uid

    @property
    def _gid(self) -> int | None:
        return None if self.user is None else pwd.getpwnam(self.user).pw_gid

    def run(self, command: list[str], *, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; see its exit code yourself."""
        return subprocess.run(  # noqa: S603 - our own binaries and paths
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            user=self.user,
            group=self._gid,
            extra_groups=None if self.user is None else [],
        )

    def start(self, command: list[str], *, folder: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own, so that Ctrl-C does not reach it."""
        return subprocess.Popen(  # noqa: S603 - our own binaries and paths
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=folder,
            user=self.user,
            group=self._gid,
            extra_groups=None if self.user is None else [],
        )

    def can(self, *command: str) -> bool:
        """Say whether a program runs at all and ends well."""
        try:
            return self.run(list(command), folder=Path("/")).returncode == 0
        except OSError:
            return False

    def give(self, path: Path) -> None:
        """Make a file or folder the user's own."""
        if self._gid is not None:
            os.chown(path, self.uid, self._gid)

    def make_folder(self, folder: Path) -> None:
        """Make a folder that the user alone may enter.

        Raises:
            Unfit: something of somebody else's is in its place.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.uid}:
            raise Unfit(f"{folder} belongs to somebody else; remove it.")
        self.give(folder)


def unprivileged_runner() -> Runner:
    """Give a runner as ourselves, or when we are root as somebody who is not.

    Raises:
        Unfit: we are root, and there is nobody else.
    """
    if os.geteuid() != 0:
        return Runner(None)
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(name)
    raise Unfit("PostgreSQL does not run as root, and there is no user postgres or nobody for it.")
