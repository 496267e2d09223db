"""Generated code: kept in a private folder, imported from there, compiled once by numba."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Final

from redress.engines.rules import calendar_compiled, interval_steps, intervals, sharing
from redress.engines.rules.assemble import Assembled

_RESTS_ON: Final = (intervals, interval_steps, sharing, calendar_compiled)


def module_name(assembled: Assembled) -> str:
    """Name generated code by itself and the code it rests on."""
    rest = b"".join(Path(str(one.__file__)).read_bytes() for one in _RESTS_ON)
    digest = hashlib.sha256(assembled.source.encode() + rest).hexdigest()[:24]
    return f"redress_rules_{digest}"


def load(assembled: Assembled, folder: Path | None) -> ModuleType:
    """Import generated code from a private folder, where numba keeps what it compiles of it.

    Raises:
        PermissionError: others may write there.
        ImportError: the code cannot be loaded.
    """
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="redress-rules-"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    about = folder.stat()
    if about.st_uid != os.getuid() or about.st_mode & 0o022:
        raise PermissionError(f"others may write in {folder}, so no code is run from there")
    name = module_name(assembled)
    if name in sys.modules:
        return sys.modules[name]
    path = folder / f"{name}.py"
    if not path.exists():
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(assembled.source)
        beside.replace(path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
