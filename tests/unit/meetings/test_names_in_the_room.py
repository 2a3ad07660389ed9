"""First names on a phone: short, and no two alike."""

from __future__ import annotations

import pytest

from app.meetings.room import told_apart


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ([("Amira", "Amira Khan"), ("Sam", "Sam Fisher")], ["Amira", "Sam"]),
        ([("Sam", "Sam Fisher"), ("sam", "sam Gold")], ["Sam F.", "sam G."]),
        ([("Sam", "Sam Fisher"), ("Sam", "Sam Finch")], ["Sam Fis.", "Sam Fin."]),
        ([("Sam", "Sam Fish"), ("Sam", "Sam Fisher")], ["Sam Fish", "Sam Fishe."]),
        ([("Sam", "Sam Fisher"), ("Sam", "Sam Fisher")], ["Sam Fisher", "Sam Fisher (2)"]),
        ([("محمد", "محمد علي"), ("محمد", "محمد حسن")], ["محمد ع.", "محمد ح."]),
        ([], []),
    ],
)
def test_first_names_are_told_apart(people, names):
    assert told_apart(people) == names
