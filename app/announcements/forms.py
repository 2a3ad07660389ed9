"""The form of an announcement."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.announcements.wording import HEADING, LETTERS
from app.schools.stages import STAGES
from app.shell.components import Answered, DateField, Form, LongTextField, RadioField, SelectField, TextField
from app.states.schools import ON_THE_LIST, WAY, SchoolStage


class AnnouncementForm(Form):
    """What schools are told, which of them, and until when."""

    heading = TextField(
        _l("Heading"),
        [Answered(_l("Write a heading"))],
        description=_l("It is the subject of the email, too."),
        letters=HEADING,
    )
    words = LongTextField(
        _l("What schools should know"),
        [Answered(_l("Write what schools should know"))],
        description=_l("A few sentences. No names of parents or children, no links, no phone numbers."),
        letters=LETTERS,
        rows=5,
    )
    stage = SelectField(_l("Which schools"))
    to = RadioField(
        _l("Who gets an email"),
        [Answered(_l("Choose who gets an email"))],
        description=_l("Everybody at work there reads it on their first page."),
        choices=[
            ("leads", _l("School leads")),
            ("leads_and_senco", _l("School leads and SENCOs")),
            ("dsl", _l("Safeguarding leads")),
            ("everybody", _l("Everybody at work there")),
        ],
    )
    show_until = DateField(_l("Show it until"), [Answered(_l("Say until when it is shown"))])

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        way = [*WAY, SchoolStage.PAUSED]
        self.stage.choices = [
            ("", _l("All that take part, or are on their way to")),
            *((one.value, STAGES[one].label) for one in way if one in ON_THE_LIST),
        ]
