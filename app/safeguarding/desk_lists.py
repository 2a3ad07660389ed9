"""The lists of the two desks where concerns are read."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.safeguarding import queries, words
from app.safeguarding.desk_pages import PAGES, address_of
from app.safeguarding.queries import OFFICER_DESK, Desk
from app.schools.queries import list_without_mobile
from app.shell import list_search
from app.shell.paging import page_number
from app.shell.pressing import to
from tenants.together import together


def show(desk: Desk, owner: UUID) -> str | Response:
    """The list of a desk, open or closed, and what waits there first."""
    number = page_number()
    closed = request.args.get("show") == "closed"
    text = list_search.typed("concerns")
    is_officer = desk is OFFICER_DESK
    with together(db.session) as ask:
        concerns = ask(queries.list_concerns, desk, owner, closed=closed, number=number, text=text)
        from_schools = (
            ask(queries.list_handed, owner, closed=closed, text=text) if is_officer and number == 1 else None
        )
        urgent = None if closed or text else ask(queries.list_urgent, desk, owner)
        unopened = ask(queries.list_unopened, owner) if is_officer and not closed else None
        unreached = None if closed else ask(list_without_mobile, None if is_officer else owner)
    page, handed = concerns.value, from_schools.value if from_schools else []
    if not page.lines and number > 1:
        return to(PAGES[desk.name]["list"], show="closed" if closed else None)

    def neighbour(other: int) -> str:
        return url_for(PAGES[desk.name]["list"], show="closed" if closed else None, page=other)

    return render_template(
        "safeguarding/list.html",
        page=page,
        search=list_search.box(
            "concerns", page.total + len(handed), _("Reference, name, or a word of the list")
        ),
        search_url=url_for(PAGES[desk.name]["search"], show="closed" if closed else None),
        closed=closed,
        is_officer=is_officer,
        urgent=urgent.value if urgent else [],
        unopened=unopened.value if unopened else [],
        handed=handed,
        no_mobile=unreached is not None and me().person_id in unreached.value,
        address=lambda concern_id: address_of(desk, "read", concern_id),
        list_url=url_for(PAGES[desk.name]["list"]),
        closed_url=url_for(PAGES[desk.name]["list"], show="closed"),
        previous=neighbour(number - 1) if number > 1 else None,
        next=neighbour(number + 1) if page.last < page.total and page.lines else None,
        words=words,
    )


def search(desk: Desk) -> Response:
    """Keep what was typed above the list, and show it again."""
    shown = {"show": "closed"} if request.args.get("show") == "closed" else {}
    return list_search.remember("concerns", PAGES[desk.name]["list"], **shown)
