"""What a log line may hold: where a fault is, never what a person wrote."""

from __future__ import annotations

import logging
import re
from types import TracebackType
from typing import Final

# PostgreSQL tells the whole refused row in these lines.
_VALUES: Final = re.compile(
    r"^(?:DETAIL|CONTEXT|QUERY|HINT):.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL
)
ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class WithoutValues(logging.Formatter):
    """Leaves out of exceptions the rows that the database quotes."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's own name
        """Write the traceback without the quoted rows."""
        return _VALUES.sub("", super().formatException(ei))
