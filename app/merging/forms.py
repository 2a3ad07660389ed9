"""What of both records is right, where they differ: one question for each."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.merging.rules import ASKED, Plan
from app.recruitment.consents import ATTENDANCE_BANDS, LANGUAGES
from app.shell.components import Answered, Form, RadioField
from app.shell.kept import kept, phone

LABELS = {
    "name": _l("Which name is right?"),
    "known_as": _l("What do they like to be called?"),
    "phone": _l("Which mobile number is right?"),
    "email": _l("Which email address is right?"),
    "language": _l("Which language do they read best?"),
    "access_needs": _l("What makes coming easier?"),
    "year_group": _l("Which year group is right?"),
    "attendance_band": _l("Which attendance is right?"),
    "needs": _l("Which needs shape the group?"),
    "found_by": _l("How did you think of them?"),
    "next_step": _l("What is your next step?"),
}


def shown(name: str, value: str) -> str:
    """A value as staff read it."""
    match name:
        case "language":
            return str(LANGUAGES.get(value, value))
        case "attendance_band":
            return str(dict(ATTENDANCE_BANDS).get(value, value))
        case "phone":
            return phone(value)
        case "name" | "known_as" | "email":
            return kept(value)
    return value


def merge_form(plan: Plan) -> Form:
    """A question for everything of which both hold something else; nothing is chosen beforehand but what stays."""
    fields = {
        name: RadioField(
            LABELS[name],
            choices=[
                ("stays", shown(name, plan.held(name))),
                ("goes", shown(name, plan.taken(name))),
            ],
            default="stays",
            validators=[Answered(_("Choose one of the two"))],
        )
        for name in ASKED
        if plan.differs(name)
    }
    return type("Merged", (Form,), fields)()


def chosen(form: Form, plan: Plan) -> dict[str, str]:
    """What was chosen, by question."""
    return {name: form[name].data for name in ASKED if name in form and plan.differs(name)}
