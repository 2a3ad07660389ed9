"""Every SQL function has one current text, which is the database's."""

from __future__ import annotations

from migrations.current import read_database, read_folder


def test_the_folder_says_what_the_database_does(stack):
    """Red? A revision made, replaced or dropped a function: `python -m migrations.current`, and read the difference."""
    live, written = read_database(stack.superuser_url), read_folder()
    assert sorted(live) == sorted(written)
    assert [name for name in live if live[name] != written[name]] == []
