"""What imports of all kinds share: rows that can be read, and those that cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from redress.formats.rows import Fault
from redress.formats.tables import TableRow


class Sourced(Protocol):
    """Something that a list names by an id."""

    @property
    def source(self) -> str:
        """The list."""
        ...

    @property
    def source_id(self) -> str:
        """The id in the list."""
        ...


# `--lang` -> the catalogue.
LANGUAGES: Final = {"en": "en", "fa": "fa", "zh": "zh-hans"}
T = TypeVar("T", bound=Sourced)
# A row, what became of it, and what is wrong with it.
Taken = tuple[TableRow, str, list[Fault]]
# The rows of a batch that can be taken in, with what they say, and the refused ones.
ReadBatch = tuple[list[tuple[TableRow, T]], list[Taken]]


@dataclass(slots=True)
class RowReader(Generic[T]):
    """Reads the rows of one file, batch by batch, and refuses an id that comes again."""

    read: Callable[[TableRow], T | list[Fault]]
    _met: set[tuple[str, str]] = field(default_factory=set)

    def read_batch(self, rows: list[TableRow]) -> ReadBatch[T]:
        """Give the rows that can be taken in with what they say, and the refused ones."""
        good: list[tuple[TableRow, T]] = []
        refused: list[Taken] = []
        for row in rows:
            found = self.read(row)
            if isinstance(found, list):
                refused.append((row, "refused", found))
            elif (found.source, found.source_id) in self._met:
                refused.append((row, "refused", [Fault(row.number, "", "twice_in_file")]))
            else:
                self._met.add((found.source, found.source_id))
                good.append((row, found))
        return good, refused


B = TypeVar("B")


def read_ahead(
    batches: Iterable[list[TableRow]], read: Callable[[list[TableRow]], B]
) -> Iterator[B]:
    """Read each batch while the one before it is being stored: the database works meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        waiting: Future[B] | None = None
        for batch in batches:
            coming = reader.submit(read, batch)
            if waiting is not None:
                yield waiting.result()
            waiting = coming
        if waiting is not None:
            yield waiting.result()
