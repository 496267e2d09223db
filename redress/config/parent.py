"""A child process that ends when its supervisor is gone."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Final

_LOOK_SECONDS: Final = 0.5


def end_with_parent() -> None:
    """Watch the parent from a thread; when it is gone, ask this process to stop."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
