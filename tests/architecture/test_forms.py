"""Everything that a form takes has bounds: a length, a kind, a list of answers."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
import wtforms
from werkzeug.datastructures import MultiDict
from wtforms.form import FormMeta

from app.identity import kept_forms as kept
from app.shell import fields
from app.shell.components import Form, TextField

ROOT = Path(__file__).resolve().parents[2]
TOO_LONG = "x" * 20_000
#: Fields in which people type what is their own; a browser may offer it. In all others it offers nothing of theirs:
#: the number and the email in most of our forms are somebody else's.
OWN = {
    "MobileForm.phone": "tel",
    "SignInForm.email": "username",
    "EmailForm.email": "username",
    "NewLinkForm.address": "email",
    "NewAddressForm.address": "email",
    "ChoicesForm.known_as": "nickname",
}
#: Codes and passwords, by the kind of their field.
SECRET = {"one-time-code", "current-password", "new-password"}


def every_form() -> list[type[Form]]:
    """Each form class of the product, whichever module it stands in."""
    found = set()
    for path in sorted((ROOT / "app").glob("*/*forms*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found |= {
            thing
            for thing in vars(module).values()
            if isinstance(thing, FormMeta) and issubclass(thing, Form) and thing is not Form
        }
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


def takes_anything(form: Form) -> list[str]:
    """The fields of `form` that keep twenty thousand letters without a word."""
    form.validate()
    return [
        field.name
        for field in form
        # A tick is a tick, whatever stands beside it.
        if not isinstance(field, wtforms.BooleanField) and not field.errors and TOO_LONG in str(field.data)
    ]


@pytest.mark.parametrize("kind", every_form(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_field_takes_anything(shared_app, kind):
    with shared_app.test_request_context(method="POST"):
        form = kind(MultiDict())
        for field in form:
            if isinstance(field, wtforms.SelectField) and field.choices is None:
                field.choices = [("one", "One")]
        form.process(MultiDict({field.name: TOO_LONG for field in form}))
        assert takes_anything(form) == []
        ours = tuple(
            kind
            for kind in vars(fields).values()
            if isinstance(kind, type) and kind.__module__ == fields.__name__
        )
        assert [field.name for field in form if not isinstance(field, ours)] == []


def test_a_field_without_a_length_would_be_seen(shared_app):
    class Open(Form):
        free = wtforms.StringField()
        bound = TextField("x")

    with shared_app.test_request_context(method="POST"):
        form = Open(MultiDict({"free": TOO_LONG, "bound": TOO_LONG}))
        assert takes_anything(form) == ["free"]


@pytest.mark.parametrize("kind", every_form(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_browser_offers_nobodys_data_but_their_own(shared_app, kind):
    with shared_app.test_request_context():
        for field in kind():
            if isinstance(field, wtforms.StringField) and not isinstance(field, wtforms.TextAreaField):
                token = getattr(field, "params", {}).get("autocomplete")
                if isinstance(field, wtforms.HiddenField) or token in SECRET:
                    continue
                assert token == OWN.get(f"{kind.__name__}.{field.name}", "off"), field.name


@pytest.mark.parametrize("kind", every_form(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_secret_is_kept_with_a_form_that_waits(shared_app, kind):
    """What could not be taken is kept, sealed, for hours; passwords, codes and PINs are not."""
    with shared_app.test_request_context():
        form = kind(meta={"csrf": False})
        secret = {one.name for one in form if isinstance(one, (fields.PasswordField, fields.CodeField))}
    assert secret <= kept.SECRETS
