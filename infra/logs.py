"""JSON log lines with request and tenant ids, and nothing about a person."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Keys that may appear in a log line. Anything else is dropped, so a name cannot slip in by a new keyword.
ALLOWED = frozenset(
    {
        *("event", "level", "timestamp", "logger", "request_id", "authority_id", "school_id", "audience"),
        *(
            "endpoint",
            "method",
            "status",
            "duration_ms",
            "kind",
            "queue",
            "state",
            "count",
            "attempt",
            "row_id",
        ),
        *("error", "exception", "path", "revision", "reason", "seconds"),
    }
)


def _only_allowed(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: value
        for key, value in line.items()
        if key in ALLOWED and isinstance(value, str | int | float | bool | None)
    }


def _type_only(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say which error it was and where, never its text: database errors quote the row."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        trace = info[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = (
            f" at {trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
        )
        line["exception"] = info[0].__name__ + place
    return line


def configure_logging() -> None:
    """Send every log line of this process to standard error as one JSON object."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _type_only,
        _only_allowed,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger().setLevel(logging.WARNING)


def get_logger() -> Any:
    """The process's logger; bind ids with `structlog.contextvars.bind_contextvars`."""
    return structlog.get_logger()
