"""What a package needs of one that stands above it: handed in at start (`app/wiring.py`), never imported."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class HandedIn(Generic[T]):
    """A place for one part. Empty it raises, so that nothing is left out in silence."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._part: T | None = None

    def fill(self, part: T) -> None:
        """Use `part` from now on."""
        self._part = part

    def __call__(self) -> T:
        """The part. Raises LookupError where nobody handed it in."""
        if self._part is None:
            raise LookupError(f"nobody handed in {self.what}: call app.wiring.wire() at start")
        return self._part
