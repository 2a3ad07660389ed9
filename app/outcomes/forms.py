"""Presses of a button, with what was looked at."""

from __future__ import annotations

from app.shell.components import Form, HiddenField


class BuildForm(Form):
    """Put the results of a term together."""

    window = HiddenField()


class PublishForm(Form):
    """Publish what was looked at: its hash travels with the press."""

    sha256 = HiddenField()


class PublicForm(Form):
    """Show it to everybody, or no longer."""

    shown = HiddenField()


class EmptyForm(Form):
    """A press of a button."""
