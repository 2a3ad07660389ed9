"""From a form, or a button, to a service and back: one way, so that what is refused is always said.

    form = InviteForm()
    return submit(
        form, lambda: services.invite(db.session, form.email.data), said, "schools.staff", field="email"
    ) or render_template("schools/invite.html", form=form)

What is refused leaves nothing behind: a service may find out half way that it cannot be, and what it wrote until then
is taken back before the page answers. A route module catches no refusal by hand (`tests/architecture/test_pressing.py`
names those that may).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import flash, g, redirect, request, url_for
from flask_babel import LazyString
from sqlalchemy import TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session
from werkzeug.wrappers import Response

from app.extensions import db
from app.shell.components import Form
from app.shell.edge import undo
from app.shell.errors import NotFound
from app.shell.refusals import Refused

#: What is said when it is done: good news, words with their tone (`note`, `success`), or nothing. An answer of its own
#: takes the place of both words and way on.
Said = str | tuple[str, str] | None | Response
#: The same, or what makes it of the result.
Done = Said | Callable[[Any], Said]

T = TypeVar("T")
P = ParamSpec("P")
AnyPage = TypeVar("AnyPage")


def submit(
    form: Form,
    change: Callable[[], object],
    done: Done,
    endpoint: str = "",
    *,
    field: str | None = None,
    **values: Any,
) -> Response | None:
    """Make the change that a valid form asks for and go on to `endpoint`. None: show the form, with what is wrong.

    What is refused is said at the box that the refusal names, else at `field`, else above the form; it stays in
    `form.refused`, and `form.status` is the status of an answer that shows the form.
    """
    if form.validate_on_submit() and form.is_up_to_date():
        return attempt(form, change, done, endpoint, field=field, **values)
    return None


def attempt(
    form: Form,
    change: Callable[[], object],
    done: Done,
    endpoint: str = "",
    *,
    field: str | None = None,
    **values: Any,
) -> Response | None:
    """The same for a form that has been looked at already."""
    try:
        result = _made(change)
    except Refused as refused:
        if refused.leads_on:
            flash(refused.words, "note")
            return to(endpoint, **values)
        say_in(form, refused, field)
        return None
    return _on(done, result, endpoint, values)


def press(change: Callable[[], object], done: Done, endpoint: str = "", **values: Any) -> Response:
    """Make the change of a button and go on to `endpoint`; what is refused is said there."""
    try:
        result = _made(change)
    except Refused as refused:
        flash(refused.words, "note")
        return to(endpoint, **values)
    return _on(done, result, endpoint, values)


def say_in(form: Form, refused: Refused, field: str | None = None) -> None:
    """Put a refusal's words where they belong in the form."""
    at = refused.field or field
    for reason in refused.reasons:
        form.add_error(reason, at if at in form else None)
    form.refused = refused


def or_gone(
    words: LazyString, endpoint: str, *values: str, also_looks: bool = False
) -> Callable[[Callable[P, AnyPage]], Callable[P, AnyPage | Response]]:
    """For a route that takes away what its address names: a second press finds it gone, reads `words`, and goes on.

    What was never theirs is answered the same. `values`: arguments of the address that `endpoint` needs. `also_looks`:
    whoever only opens it, by a link of before, is led on to that page too, which says how they stand.
    """

    def around(view: Callable[P, AnyPage]) -> Callable[P, AnyPage | Response]:
        @wraps(view)
        def viewed(*args: P.args, **kwargs: P.kwargs) -> AnyPage | Response:
            try:
                return view(*args, **kwargs)
            except NotFound:
                if request.method == "POST":
                    flash(str(words), "note")
                elif not also_looks:
                    raise
                return to(endpoint, **{name: kwargs[name] for name in values})

        return viewed

    return around


def as_is(answer: Said) -> Said:
    """For a change whose result is the answer."""
    return answer


def answered(data: T | None) -> T:
    """The answer to a question that has to be answered, of a form that was found valid. Raises LookupError."""
    if data is None:
        raise LookupError("no answer in a valid form")
    return data


def to(endpoint: str, **values: Any) -> Response:
    """Lead on to another page of ours after a press: 303, so that a reload sends nothing."""
    return redirect(url_for(endpoint, **values), 303)


def _made(change: Callable[[], T]) -> T:
    """What a change made. Of one that is refused after it wrote nothing stays, and no bell rings for it."""
    rings, messages = list(g.get("after_commit", ())), list(g.get("messages_written", ()))
    with _written(db.session()) as written:
        try:
            return change()
        except Refused:
            if written:
                undo()
                g.after_commit, g.messages_written = rings, messages
            raise


@contextmanager
def _written(session: Session) -> Iterator[list[bool]]:
    """Not empty as soon as the session has written: rows of its own, or by a statement."""
    written: list[bool] = []

    def note_flush(*_of: object) -> None:
        written.append(True)

    def note_statement(state: ORMExecuteState) -> None:
        statement = state.statement
        is_read = (
            statement.text.lstrip()[:6].lower() == "select"
            if isinstance(statement, TextClause)
            else state.is_select
        )
        if not is_read:
            written.append(True)

    watched = (("after_flush", note_flush), ("do_orm_execute", note_statement))
    for name, note in watched:
        event.listen(session, name, note)
    try:
        yield written
    finally:
        for name, note in watched:
            event.remove(session, name, note)


def _on(done: Done, result: object, endpoint: str, values: dict[str, Any]) -> Response:
    said = done(result) if callable(done) and not isinstance(done, Response) else done
    if isinstance(said, Response):
        return said
    if said:
        words, tone = said if isinstance(said, tuple) else (said, "success")
        flash(words, tone)
    return to(endpoint, **values)
