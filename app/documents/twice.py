"""A name that stands twice in one dictionary of a PDF: pypdf reads the first, other programs the last.

What is judged would not be what opens. pypdf says so only in its log, so the log is listened to. A file is checked in a
process of its own and alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger("pypdf.generic._data_structures")
#: How pypdf begins what it says of it.
SAID = "Multiple definitions in dictionary"


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard = False

    def emit(self, record: logging.LogRecord) -> None:
        self.heard = self.heard or str(record.msg).startswith(SAID)


@contextmanager
def refuse_twice() -> Iterator[None]:
    """Raise ValueError when a dictionary that was read in the block says something twice."""
    listener, level, passes_on = _Listener(), _LOGGER.level, _LOGGER.propagate
    _LOGGER.addHandler(listener)
    _LOGGER.setLevel(logging.WARNING)
    _LOGGER.propagate = False  # it would write pieces of broken files to the log
    try:
        yield
    finally:
        _LOGGER.removeHandler(listener)
        _LOGGER.setLevel(level)
        _LOGGER.propagate = passes_on
    if listener.heard:
        raise ValueError("a name that stands twice")
