"""Short names fit a text message, and colours can be read."""

from __future__ import annotations

import pytest

from app.schools.naming import LEAST_CONTRAST, SHORT_NAME_LETTERS, contrast_with_white, short_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Elm Road School", "Elm Road School"),
        ("Lark Rise Community Primary School", "Lark Rise Community Primary"),
        ("St Mary’s Roman Catholic Voluntary Aided Primary School", "St Mary’s RC Primary School"),
        ("The Academy of Arts and Sciences in the Old Harbour", "The Academy of Arts"),
        ("Holy Trinity Church of England Primary School", "Holy Trinity CofE Primary"),
    ],
)
def test_a_long_name_is_cut_as_people_would(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize(
    "name", ["x" * 90, "Saint Someone of Somewhere and Elsewhere High School", "A & B " * 20]
)
def test_a_short_name_always_fits_and_is_never_empty(name):
    assert 0 < len(short_name(name)) <= SHORT_NAME_LETTERS


def test_contrast_is_that_of_the_standard():
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


def test_our_own_colour_passes_and_marigold_does_not():
    assert contrast_with_white("#17504a") > LEAST_CONTRAST
    assert contrast_with_white("#f4b23e") < LEAST_CONTRAST


@pytest.mark.parametrize("typed", ["17504a", "#17504", "red", "#12345g", ""])
def test_rejects_an_invalid_colour(typed):
    with pytest.raises(ValueError, match="not a colour"):
        contrast_with_white(typed)
