"""How long from a clean clone to the first page, to a second start, and back after kill -9.

Peer: `pip install` of the same lock into a fresh environment, the usual first step, in the same run.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
SECONDS_MAX = 600


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(clone: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """Run `make run` and give the seconds until the first page answers.

    Raises:
        AssertionError: no page within ``SECONDS_MAX``.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("REDRESS", "DATABASE"))}
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env={**kept, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    while time.monotonic() - began < SECONDS_MAX:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, time.monotonic() - began
    raise AssertionError("no first page")


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Give a process and all below it."""
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        Path(folder).chmod(0o755)
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        port = free_port()
        process, first = start(clone, port)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        process, second = start(clone, port)
        for one in family(process):
            one.send_signal(signal.SIGKILL)
        process.wait()
        process, after_kill = start(clone, port)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        began = time.monotonic()
        peer = Path(folder) / "peer"
        subprocess.run(["python3", "-m", "venv", str(peer)], check=True)
        lock = str(ROOT / "locks" / "run.txt")
        pip = [str(peer / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
        installed = time.monotonic() - began
        shutil.rmtree(clone, ignore_errors=True)
    print(f"clean clone to first page: {first:.1f} s (with the demonstration province)")
    print(
        f"second start to first page: {second:.1f} s; after kill -9 of everything: {after_kill:.1f} s"
    )
    print(
        f"peer, pip install of the same lock alone: {installed:.1f} s; ratio {first / installed:.2f}"
    )


if __name__ == "__main__":
    main()
