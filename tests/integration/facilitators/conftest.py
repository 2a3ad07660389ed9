"""Colleagues of one school, and somebody who has applied to lead."""

from __future__ import annotations

import pytest


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def url(world):
    return f"/school/facilitators/{world.school.ids['applicant_id']}"


@pytest.fixture
def lead(client_for, world):
    """A colleague of whoever carried the check."""
    return client_for(world.school.lead)
