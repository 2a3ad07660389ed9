from datetime import UTC, datetime, timedelta

import pyotp

from app.accounts.second_factor import (
    matching_step,
    new_recovery_codes,
    new_secret,
    plain_recovery_code,
    readable_secret,
    set_up_image,
)

NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)


def code_at(secret, moment):
    return pyotp.TOTP(secret).at(moment)


def test_the_code_of_this_moment_and_of_its_neighbours_is_right():
    secret = new_secret()
    here = int(NOW.timestamp()) // 30

    for steps in (-1, 0, 1):
        assert (
            matching_step(secret, code_at(secret, NOW + timedelta(seconds=30 * steps)), NOW) == here + steps
        )


def test_older_later_and_wrong_codes_are_not():
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    assert matching_step(secret, code_at(secret, NOW - timedelta(seconds=90)), NOW) is None
    assert matching_step(secret, code_at(secret, NOW + timedelta(seconds=90)), NOW) is None
    assert matching_step(secret, "é23456", NOW) is None
    assert matching_step(secret, "", NOW) is None


def test_ten_recovery_codes_differ_and_may_be_typed_in_any_way():
    codes = new_recovery_codes()

    assert len(set(codes)) == 10
    assert {len(plain_recovery_code(code)) for code in codes} == {10}
    assert plain_recovery_code(f" {codes[0].upper().replace('-', ' ')} ") == plain_recovery_code(codes[0])


def test_the_picture_and_the_words_carry_the_secret():
    assert readable_secret("ABCDEFGHIJ") == "ABCD EFGH IJ"
    picture = set_up_image("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "jo@larkfield.example.org")
    assert picture.startswith(b"<svg")
    assert b"script" not in picture
    assert picture != set_up_image("KBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "jo@larkfield.example.org")
