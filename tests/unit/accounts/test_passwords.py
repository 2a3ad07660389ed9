import pytest
from flask import Flask
from flask_babel import Babel

from app.accounts.passwords import hash_password, is_password, problem_with
from tests.support.hashes import PRODUCTION


@pytest.fixture(autouse=True)
def _words():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def test_the_right_password_opens_and_another_does_not():
    stored = hash_password("kettle harbour nine")

    assert is_password(stored, "kettle harbour nine")
    assert not is_password(stored, "kettle harbour ten")
    assert "kettle" not in stored
    assert stored.startswith("$argon2id$")


def test_production_hashes_cost_what_owasp_asks():
    """Argon2id with 19 MiB, two rounds and one thread; https://cheatsheetseries.owasp.org, Password Storage."""
    assert (PRODUCTION.time_cost, PRODUCTION.memory_cost, PRODUCTION.parallelism) == (2, 19 * 1024, 1)
    assert PRODUCTION.type.name == "ID"
    assert is_password(PRODUCTION.hash(b"kettle harbour nine"), "kettle harbour nine")


def test_nobody_has_no_password_at_all():
    assert not is_password(None, "nobody has this password, and nobody ever will")
    assert not is_password("not a hash", "kettle harbour nine")


def test_accents_may_be_typed_either_way():
    assert is_password(hash_password("café under water"), "café under water")


@pytest.mark.parametrize(
    "password",
    ["kettle harbour nine", "x9!Kq2-vBn7#", "a" * 20 + "bcdefg" + "h" * 40, "日本語の長い合言葉を使います"],
)
def test_long_and_uncommon_passwords_are_welcome(password):
    assert problem_with(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "kettle nine",
        "",
        "Password1234",
        "p@ssw0rd!!!!2026",
        "passwordpassword",
        "qwertyuiop123",
        "aaaaaaaaaaaaaaa",
        "abababababababab",
        "123456789012",
        "9876543210987",
        "abcdefghijklmnop",
        "ManchesterUnited1",
        "Headteacher2026!",
    ],
)
def test_short_and_common_passwords_are_refused(password):
    assert problem_with(password)


def test_ones_own_name_or_email_is_refused():
    about = ("Jo Pembury-Wilkes", "jo.pembury-wilkes@larkfield.example.org")

    assert problem_with("Jo Pembury-Wilkes 1", about=about)
    assert problem_with("jo.pembury-wilkes@larkfield.example.org", about=about)
    assert problem_with("kettle harbour nine", about=about) is None
