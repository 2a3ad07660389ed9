"""Where a list of parents from a spreadsheet is, and what becomes of its rows."""

from __future__ import annotations

from enum import StrEnum


class ImportState(StrEnum):
    """Where an import is; stored by value."""

    COLUMNS = "columns"
    #: A long one: a worker reads it.
    WAITING = "waiting"
    READING = "reading"
    #: Begun several times, and never read to its end.
    STOPPED = "stopped"
    CHECKED = "checked"
    ADDED = "added"
    UNDONE = "undone"


#: A worker has it, or will.
BEING_READ = frozenset((ImportState.WAITING, ImportState.READING, ImportState.STOPPED))


class Verdict(StrEnum):
    """What a row is, beside those of the list and of the file; stored by value."""

    NEW = "new"
    #: This very person is here already: the same name at the same address.
    SAME = "same"
    #: Somebody else has this phone or email, or this name: it may be them. Couples share.
    POSSIBLE = "possible"
    #: Something in it cannot be read.
    WRONG = "wrong"


class Choice(StrEnum):
    """What becomes of somebody who may be here already; stored by value."""

    KEEP_ONE = "keep_one"
    KEEP_BOTH = "keep_both"
    HOUSEHOLD = "household"
