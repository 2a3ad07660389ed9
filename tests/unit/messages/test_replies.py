"""Only a clear STOP stops texts; a number is known however it is written."""

from __future__ import annotations

import pytest

from app.messages.replies import says_stop, spellings


@pytest.mark.parametrize(
    "words", ["STOP", "stop", " Stop. ", "Stop please", "STOP ALL", "STOPALL", "\nunsubscribe"]
)
def test_a_stop_is_a_stop(words):
    assert says_stop(words)


@pytest.mark.parametrize(
    "words", ["", "???", "No", "Can't stop by on Tuesday", "Yes", "Thank you", "stopping by later"]
)
def test_other_words_are_not(words):
    assert not says_stop(words)


@pytest.mark.parametrize("phone", ["447700900123", "+447700900123", "07700900123", "+44 7700 900 123"])
def test_a_number_is_the_same_number_however_written(phone):
    assert {"+447700900123", "07700900123"} <= set(spellings(phone))
