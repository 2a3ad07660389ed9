"""Loaded by every Python process of a run that `tests.moved` started: requests to the file store keep the real time.

The store is a program of its own that libfaketime cannot move, and refuses a signature from another day.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import select
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib.machinery import ModuleSpec
from types import ModuleType

SHIFT = timedelta(seconds=float(os.environ.get("WEBELONG_TEST_SHIFT", "0")))


def _real_time(remove_tzinfo: bool = True) -> datetime:
    moment = datetime.now(UTC) - SHIFT
    return moment.replace(tzinfo=None) if remove_tzinfo else moment


class _Patch(importlib.abc.MetaPathFinder):
    """Waits for `botocore.auth`, so that a process without it pays nothing."""

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != "botocore.auth":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec
        assert spec.loader
        loader, load = spec.loader, spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            vars(module)["get_current_datetime"] = _real_time

        vars(loader)["exec_module"] = exec_module
        return spec


def _sleep(seconds: float) -> None:
    # libfaketime takes the end of a sleep for a time of day, and refuses it.
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


if SHIFT:
    vars(time)["sleep"] = _sleep
    sys.meta_path.insert(0, _Patch())
