"""Nobody invented signs in with a password: people at work have one that was thrown away, all others have none."""

from __future__ import annotations

from tests.integration.demo.test_loading import value


def test_only_people_at_work_have_a_password(demo):
    assert (
        value(
            demo,
            "select count(*) from identity.account a where a.password_hash is not null and not exists (select"
            " from identity.membership m where m.account_id = a.id and m.role not in ('parent', 'facilitator'))",
        )
        == 0
    )
