"""What the dispatcher keeps, logs and reads of people while it sends: no more than it needs."""

from __future__ import annotations


def test_no_address_or_word_is_stored_or_logged(place, dispatcher, capfd):
    place.sql(
        "update parent_contact set email = 'two..dots@example.org' where parent_id = %s", place.parent_id
    )
    (message_id,) = place.enqueue()
    dispatcher.drain()
    place.sql(
        "update parent_contact set email = %s where parent_id = %s",
        place.world.school.parent.email,
        place.parent_id,
    )

    said = capfd.readouterr()
    assert "two..dots" not in said.out + said.err
    assert "two..dots" not in str(place.row(message_id))


def test_a_schools_own_scope_is_all_that_facts_are_read_in(place, dispatcher):
    """A message that names another school's parent finds nobody."""
    (message_id,) = place.enqueue(recipient_id=place.world.sibling_school.parent.person_id)

    dispatcher.drain()

    assert place.row(message_id)["problem"] == "reader_gone"
