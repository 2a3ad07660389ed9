"""Figures that tests note with `record_property`, read from pytest's JUnit report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree


def read_cases(report: Path) -> Iterator[ElementTree.Element]:
    """Each test that ran; nothing where no report was written."""
    if report.is_file():
        yield from ElementTree.parse(report).iter("testcase")


def read_properties(report: Path) -> Counter[str]:
    """Sum of every figure that the tests noted."""
    found: Counter[str] = Counter()
    for case in read_cases(report):
        for item in case.iter("property"):
            if item.get("value", "").isdigit():
                found[item.get("name", "")] += int(item.get("value", "0"))
    return found


def outcomes(report: Path) -> dict[tuple[str, str], bool]:
    """(file, test without its parameters) -> whether every case of it passed. Skipped alone is not passed."""
    found: dict[tuple[str, str], bool] = {}
    for case in read_cases(report):
        name = case.get("name", "").partition("[")[0]
        file = case.get("classname", "").replace(".", "/") + ".py"
        passed = not any(case.find(kind) is not None for kind in ("failure", "error"))
        skipped = case.find("skipped") is not None
        if skipped and (file, name) in found:
            continue
        found[file, name] = found.get((file, name), True) and passed and not skipped
    return found
