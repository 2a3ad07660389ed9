"""A school that leaves, in a database of its own."""

from __future__ import annotations

import pytest

from tests.support.own import own_app


@pytest.fixture
def own(stack, world):
    with own_app(stack, "leavers") as found:
        yield found
