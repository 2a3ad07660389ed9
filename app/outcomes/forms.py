"""Presses of a button, with what was looked at, and why results are taken back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shell.components import Answered, Form, HiddenField, LongTextField


class BuildForm(Form):
    """Put the results of a term together."""

    window = HiddenField()


class PublishForm(Form):
    """Publish what was looked at: its hash travels with the press."""

    sha256 = HiddenField()


class PublicForm(Form):
    """Show it to everybody, or no longer."""

    shown = HiddenField()


class WithdrawForm(Form):
    """Why results are taken back."""

    reason = LongTextField(
        _l("Why do you withdraw them?"),
        [Answered(_l("Write a short reason"))],
        letters=300,
        rows=3,
        description=_l("Commissioners read this too. Name nobody."),
    )
