import pytest

from app.identity.secrets import Unreadable, keyed_hash, seal, unseal

KEY, OTHER_KEY = "k" * 40, "o" * 40


def test_what_is_sealed_comes_back_with_the_same_key_only():
    sealed = seal(KEY, "JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert unseal(KEY, sealed) == "JBSWY3DPEHPK3PXP"
    with pytest.raises(Unreadable):
        unseal(OTHER_KEY, sealed)


def test_an_altered_seal_is_refused():
    sealed = seal(KEY, "secret")
    altered = sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]

    with pytest.raises(Unreadable):
        unseal(KEY, altered)


def test_nothing_is_not_a_seal():
    with pytest.raises(Unreadable):
        unseal(KEY, "")


def test_a_fingerprint_depends_on_key_purpose_and_every_value():
    prints = {
        keyed_hash(KEY, "attempt", "a", "b"),
        keyed_hash(OTHER_KEY, "attempt", "a", "b"),
        keyed_hash(KEY, "recovery", "a", "b"),
        keyed_hash(KEY, "attempt", "a"),
        keyed_hash(KEY, "attempt", "ab"),
    }

    assert len(prints) == 5
    assert keyed_hash(KEY, "attempt", "a", "b") in prints
