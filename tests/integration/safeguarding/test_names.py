"""A concern goes past a reader whom it names, in whatever letters and spelling; a child of another name stays here."""

from __future__ import annotations

import pytest

from app.safeguarding.naming import names_somebody
from tests.integration.safeguarding.test_readers import waiting


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        # Other letters, which write consonants alone, or romanise in another way.
        ("Rahima Begum", "রহিমা বেগম"),
        ("রহিমা বেগম", "Rahima Begum"),
        ("Mohammed Hassan", "محمد حسن"),
        ("Giorgos Papadopoulos", "Γιώργος Παπαδόπουλος"),
        ("Yulia Shcherbakova", "Юлия Щербакова"),
        ("Alexander Yuryev", "Александр Юрьев"),
        ("Gurpreet Singh", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
        ("김민수", "Kim Minsu"),
        ("Kim Minsu", "김민수"),
        # Letters of which nothing can be said, and letters that only look like ours.
        ("Wei Li", "李伟"),
        ("Grace Okafor", "Gгасе Okafor"),
        # As it sounds, or with a letter wrong.
        ("Mohammed Hassan", "Muhammad Hasan"),
        ("Yulia Shcherbakova", "Julia Scherbakova"),
        ("Đorđe Đokić", "Djordje Djokic"),
        ("Jo Pembury", "Jo Penbury"),
        # As two words, or as one.
        ("Jo Pembury", "JoPembury"),
        ("Jo Pembury", "Jo\u200bPembury"),
        ("Katarzyna Wójcik", "KatarzynaWojcik"),
        ("Fiona McDonald", "Fiona Mc Donald"),
        ("Fiona McDonald", "Fiona MacDonald"),
        ("Mary Ann Smith", "Maryann Smith"),
        # What nobody writes of a name.
        ("Nguyễn Thị Hương", "Nguyen Huong"),
        ("Dr Anne Smith PhD", "Anne Smith"),
        ("Anne Smith MA, PhD", "Anne Smith"),
        ("Jack Ma", "Jack Ma"),
        ("Yo Yo Ma", "Yo Ma"),
        ("Anne Smith (she/her)", "Anne Smith"),
    ],
)
def test_a_name_that_cannot_be_told_from_the_readers_is_theirs(name, typed):
    assert names_somebody("adult", typed, "", name)
    assert names_somebody("child", typed, "", name)
    assert names_somebody("child", "", f"I think it was {typed}", name)


@pytest.mark.parametrize(
    ("name", "who_else"),
    [
        ("Jo Pembury", "Mrs Pembury"),
        ("Jack Ma", "Mr Ma"),
        ("Yo Yo Ma", "Mr Ma"),
        ("Anne Smith MA", "Ms Smith"),
        ("Jo Pembury", "their class, and Mrs Pembury's helper"),
        ("Jo Pembury", "Mrs Penburys"),
        ("Jo Pembury", "J. Pembury"),
        ("Jo Pembury", "Tom Ali, Pembury"),
        ("Nguyễn Thị Hương", "Cô Hương"),
    ],
)
def test_a_title_and_a_surname_are_enough_of_whoever_was_there(name, who_else):
    assert names_somebody("child", "", who_else, name)
    # Of a child they are not: a reader's own may go to this school.
    assert not names_somebody("child", "Tom Pembury", "", name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Grace Okafor", "علي"),
        ("Grace Okafor", "Олена Коваль"),
        ("Grace Okafor", "Grace Smith"),
        ("Helen Marsh", "a boy in a brown coat"),
        ("Helen Marsh", "নাদিয়া"),
        ("Aisha Khan", "her mum and her son"),
        ("Mohammed Hassan", "Ahmed Hussain"),
        ("Jane Wilson", "James Wilson"),
        ("王伟", "Amina Ali"),
    ],
)
def test_a_child_of_another_name_stays_with_their_school(name, typed):
    assert not names_somebody("child", typed, "", name)
    assert not names_somebody("child", "", typed, name)


def test_in_doubt_it_goes_to_the_officer_and_never_nearer(own, world, raise_one):
    own.rows("update identity.account set name = 'Wei Li' where id = %s", world.school.dsl.account_id)
    raise_one(about="adult", about_name="李伟")

    assert own.value("select count(*) from authority_concern where about_name = '李伟'") == 1
    assert waiting(own, "outbox", "concern_received_for_dsl") == []
    # Where a yes brings it to the school, and of who reads there last, doubt says nothing.
    assert not names_somebody("staff", "李伟", "", "Wei Li", whole=True)
    assert not names_somebody("adult", "李伟", "", "Wei Li", doubt=False)
