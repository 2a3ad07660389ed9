"""What a page reads once, however many of its parts ask for it; `tenants/together.py` asks several in one trip."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from tenants.session import ScopedSession
from tenants.together import KEPT, ON_ITS_WAY, is_together, wait_for_others

P = ParamSpec("P")
R = TypeVar("R")


def begin_look(session: Session) -> None:
    """From here on this session keeps what `read_once` functions answered, until it writes or its transaction ends.

    For requests that only look: what is kept is as old as the request at most, and one person's, as the session is.
    """
    session.info[KEPT] = {}


def read_once(query: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """`query(session, *ids)`, asked once in a look for the same ids; a list, set or dictionary is given out as a copy.

    Elsewhere, and where rows are held (`hold=True`), it asks each time.
    """

    @wraps(query)
    def ask(session: Any, /, *args: P.args, **options: P.kwargs) -> R:
        kept: dict[Hashable, Any] | None = session.info.get(KEPT)
        if kept is None or options.get("hold"):
            return query(session, *args, **options)
        key = (query, args, tuple(sorted(options.items())))
        while kept.get(key) is ON_ITS_WAY:
            wait_for_others()
        if key not in kept:
            _read(kept, key, lambda: query(session, *args, **options))
        found = kept[key]
        return cast(R, found.copy() if isinstance(found, list | set | dict) else found)

    return ask


def _read(kept: dict[Hashable, Any], key: Hashable, query: Callable[[], Any]) -> None:
    """Ask, and keep the answer; meanwhile nobody else asks the same. What fails is left for who comes next."""
    if is_together():
        kept[key] = ON_ITS_WAY
    try:
        found = query()
    except BaseException:
        kept.pop(key, None)
        raise
    kept[key] = found


def read_ahead(
    session: Any, query: Callable[..., Any], *args: Hashable, answer: object, **options: Hashable
) -> None:
    """In a look: have this answer for when `query`, one of `read_once`, is asked with these ids."""
    kept: dict[Hashable, Any] | None = session.info.get(KEPT)
    if kept is not None:
        kept[query.__wrapped__, args, tuple(sorted(options.items()))] = answer  # type: ignore[attr-defined]


def note_read(session: Any, query: Callable[..., Any], owner: Hashable, found: Mapping[Any, Any]) -> None:
    """In a look: have what is known of each of these for when `query`, which takes a list of ids, asks `was_read`."""
    kept: dict[Hashable, Any] | None = session.info.get(KEPT)
    if kept is not None:
        kept.setdefault((query, owner), {}).update(found)


def was_read(session: Any, query: Callable[..., Any], owner: Hashable, ids: Iterable[Any]) -> dict[Any, Any]:
    """What a page read ahead of these ids; those that it did not are missing."""
    known = (session.info.get(KEPT) or {}).get((query, owner)) or {}
    return {one: known[one] for one in ids if one in known}


def is_look(session: Any) -> bool:
    """Whether this session keeps what was read."""
    return session.info.get(KEPT) is not None


def _forget(session: Session, *_details: object) -> None:
    if kept := session.info.get(KEPT):
        kept.clear()


for _end in ("after_flush", "after_commit", "after_soft_rollback"):
    event.listen(ScopedSession, _end, _forget)


@event.listens_for(ScopedSession, "do_orm_execute")
def _forget_before_a_write(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _forget(state.session)
