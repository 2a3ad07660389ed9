"""What our messages say: each by the renderer that sends it, and what a council says in its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from flask import current_app, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role
from app.messages import adapting, examples, own_words
from app.messages.adapting import Version
from app.messages.catalogue import KINDS, places
from app.messages.examples import Example
from app.messages.forms import OwnTextForm, OwnWordsForm
from app.messages.kind import FIELDS, Kind, Marked
from app.messages.routes import blueprint
from app.messages.words import FILLERS, translate
from app.shell.errors import NotFound
from app.shell.pressing import press, submit
from app.states.messages import Channel, RecipientKind

AnyForm = OwnWordsForm | OwnTextForm

#: Whose messages stand together, in this order.
READERS: tuple[tuple[RecipientKind, object], ...] = (
    (RecipientKind.PARENT, _l("To parents and carers")),
    (RecipientKind.FACILITATOR, _l("To those who lead")),
    (RecipientKind.STAFF, _l("To people at schools")),
    (RecipientKind.MEMBER, _l("To people at the council")),
    (RecipientKind.PRESENTER, _l("To outside presenters")),
    (RecipientKind.TOKEN, _l("To somebody whom we know by an address alone")),
)


@blueprint.get("/words")
def words() -> str:
    """Every message that there is, by who reads it."""
    in_force = adapting.list_in_force(db.session(), me().authority_id, KINDS)
    kinds = _shown()
    return render_template(
        "messages/words.html",
        groups=[(label, [(kind, _label(kind)) for kind in kinds if kind.to is to]) for to, label in READERS],
        own=in_force,
        adapts=_adapts(),
    )


@blueprint.get("/words/<kind_name>")
def words_of(kind_name: str) -> str:
    """One message as it reads today, and what was written for it before."""
    kind = _kind(kind_name)
    versions = adapting.list_versions(db.session(), me().authority_id, kind.name)
    return render_template(
        "messages/words_of.html",
        kind=kind,
        label=_label(kind),
        shown=_read(kind),
        pieces=[(piece, _ours(piece), adapting.current(versions, piece.name)) for piece in kind.marked],
        versions=versions,
        adapts=_adapts(),
    )


@blueprint.route("/words/<kind_name>/<part>", methods=["GET", "POST"])
def adapt(kind_name: str, part: str) -> Response:
    """Write, look at it, use it."""
    kind, piece = _piece(kind_name, part)
    form, step, who = _form(piece), request.form.get("step"), me()
    answer = None
    if step == "use":
        use = partial(_use, kind, piece, form)
        answer = submit(form, use, _used, "messages.words_of", field="words", kind_name=kind.name)
    elif step != "change":
        check = partial(_checked, kind, piece, form)
        answer = submit(form, check, partial(_check_page, kind, piece, form), field="words")
    if answer:
        return answer
    versions = adapting.list_versions(db.session(), who.authority_id, kind.name)
    return _write_page(kind, piece, form, versions)


@blueprint.post("/words/<kind_name>/<part>/ours")
def ours_again(kind_name: str, part: str) -> Response:
    """Back to the service's own words."""
    who, (kind, piece) = me(), _piece(kind_name, part)
    return press(
        partial(adapting.adapt, db.session(), who.authority_id, who.name, kind, piece, ""),
        lambda is_new: (
            _("From now on it is said in our words again.")
            if is_new
            else (_("It is said in our words already."), "note")
        ),
        "messages.words_of",
        kind_name=kind.name,
    )


def _form(piece: Marked) -> AnyForm:
    return OwnTextForm() if piece.channel is Channel.SMS else OwnWordsForm()


def _adapts() -> bool:
    return me().role is Role.AUTHORITY_ADMIN


def _shown() -> list[Kind]:
    return [kind for kind in KINDS.values() if _adapts() or kind.to is not RecipientKind.MEMBER]


def _label(kind: Kind) -> str:
    return translate(kind.label, str(get_locale() or "en"))


def _kind(name: str) -> Kind:
    found = next((kind for kind in _shown() if kind.name == name), None)
    if found is None:
        raise NotFound
    return found


def _piece(kind_name: str, part: str) -> tuple[Kind, Marked]:
    kind = _kind(kind_name)
    for piece in kind.marked:
        if piece.name == part:
            return kind, piece
    raise NotFound


def _ours(piece: Marked) -> str:
    return own_words.as_written(piece, translate(piece.words, "en"))


def _read(kind: Kind, **typed: str) -> Sequence[Example]:
    """How it goes, with what the council says in its own words; `typed` by name of a piece."""
    who = me()
    in_force = adapting.list_in_force(db.session(), who.authority_id, [kind.name]).get(kind.name, {})
    trying: Mapping[str, str] = {
        piece.words: typed[piece.name] for piece in kind.marked if piece.name in typed
    }
    place = places().authority(db.session(), who.authority_id)
    authority = place.fields["authority"] if place else ""
    base_url = current_app.extensions["settings"].base_url.rstrip("/")
    return examples.read(kind, authority, base_url, {**in_force, **trying})


def _checked(kind: Kind, piece: Marked, form: AnyForm) -> str:
    return adapting.check(kind, piece, form.words.data or "")


def _use(kind: Kind, piece: Marked, form: AnyForm) -> bool:
    who = me()
    return adapting.adapt(db.session(), who.authority_id, who.name, kind, piece, form.words.data or " ")


def _used(is_new: bool) -> tuple[str, str]:
    if not is_new:
        return _("It is said in these words already."), "note"
    return _("Your words are used from now on, also in messages that wait to go."), "success"


def _check_page(kind: Kind, piece: Marked, form: AnyForm, checked: str) -> Response:
    versions = adapting.list_versions(db.session(), me().authority_id, kind.name)
    page = render_template(
        "messages/words_check.html",
        form=form,
        kind=kind,
        label=_label(kind),
        piece=piece,
        shown=[one for one in _read(kind, **{piece.name: checked}) if one.channel is piece.channel],
        newest=adapting.current(versions, piece.name),
    )
    return make_response(page)


def _write_page(kind: Kind, piece: Marked, form: AnyForm, versions: Sequence[Version]) -> Response:
    newest = adapting.current(versions, piece.name)
    if not form.is_submitted():
        form.words.data = newest.words if newest and newest.words else _ours(piece)
    page = render_template(
        "messages/words_adapt.html",
        form=form,
        kind=kind,
        label=_label(kind),
        piece=piece,
        ours=_ours(piece),
        room=own_words.room_for(kind, piece),
        fillers=[f"(({one}))" for one in own_words.fillers_of(piece)],
        open_for={one: FIELDS[FILLERS[one]] for one in own_words.fillers_of(piece)},
        before=[one for one in versions if one.part == piece.name and one.words],
    )
    return make_response(page)
