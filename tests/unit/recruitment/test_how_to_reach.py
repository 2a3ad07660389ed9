"""What stands beside a parent's number and address, on every page and paper alike."""

from __future__ import annotations

import pytest

from app.recruitment.words import reach_notes

BOTH = {"phone": "+447700900831", "email": "huong@example.org"}
EVERYTHING_GOES = {"texts_stopped": False, "emails_stopped": False, "interpreter": False}


@pytest.mark.parametrize(
    ("person", "notes"),
    [
        (BOTH, []),
        ({**BOTH, "interpreter": True}, ["interpreter"]),
        ({**BOTH, "texts_stopped": True}, ["no texts"]),
        ({**BOTH, "emails_stopped": True}, ["no emails"]),
        ({**BOTH, "texts_stopped": True, "emails_stopped": True}, ["on paper, or by phone"]),
        ({**BOTH, "email": ""}, ["phone only"]),
        ({**BOTH, "email": "", "texts_stopped": True}, ["on paper, or by phone"]),
        ({**BOTH, "phone": "", "texts_stopped": True}, []),
        ({"phone": "", "email": "", "interpreter": True}, ["interpreter", "on paper, or by phone"]),
    ],
)
def test_only_what_keeps_a_message_from_them_is_noted(person, notes):
    assert reach_notes(**{**EVERYTHING_GOES, **person}) == notes
