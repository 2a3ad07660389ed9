import pytest

from app.accounts.policy import ACCESS, may_become
from app.identity.roles import LINK_ROLES, PASSWORD_ROLES, Role


@pytest.mark.parametrize("role", sorted(Role))
def test_a_session_that_began_with_a_link_never_becomes_a_role_at_work(role):
    assert may_become(role, came_in_strongly=False) == (role in LINK_ROLES)
    assert may_become(role, came_in_strongly=True)


def test_passwords_are_for_people_at_work():
    for endpoint in ("accounts.change_password", "accounts.new_recovery_codes"):
        assert ACCESS[endpoint] == PASSWORD_ROLES
    # The codes of a new app are also shown to whose role begins later; nobody else has any waiting.
    assert ACCESS["accounts.recovery_codes"] == PASSWORD_ROLES | {None}
