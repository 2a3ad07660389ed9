"""Every bell has a job and a worker, and a job takes nothing with it."""

from __future__ import annotations

import inspect

import pytest

from infra.queue import Bell
from workers import jobs
from workers.__main__ import LOGINS


@pytest.mark.parametrize("bell", list(Bell))
def test_every_bell_has_a_job_that_takes_nothing(bell: Bell) -> None:
    assert not inspect.signature(getattr(jobs, f"drain_{bell.value}")).parameters


def test_every_bell_has_a_worker_beside_the_schedule() -> None:
    assert set(LOGINS) == {bell.value for bell in Bell} | {"schedule", "sweep"}


def test_every_worker_logs_in_as_itself() -> None:
    assert "database_url" not in LOGINS.values()
    assert "database_owner_url" not in LOGINS.values()
