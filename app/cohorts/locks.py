"""How a group and its sessions are held while they change: the group first, then its session, then people."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select

#: For `Session.get`, which takes no query.
HELD: dict[str, Any] = {"key_share": True}
_Row = TypeVar("_Row", bound=tuple[Any, ...])


def hold(query: Select[_Row]) -> Select[_Row]:
    """`query` as it is now, its rows kept from others until the end of the transaction.

    Rows that only name them may be written meanwhile: a mark, or an "I can't come", would wait for this change while
    this change waits for it.
    """
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)
