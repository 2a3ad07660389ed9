"""Faults for drills: what a provider does on a bad day, with chosen probabilities."""

import random
import threading
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Faults:
    """Probabilities from 0 to 1 for each send or callback, and a delay in milliseconds.

    `error_before`: 500, nothing kept. `rate_limit`: 429 for this minute, `daily_email` and `daily_sms`: 429 for the
    rest of the day, `key_refused`: 403; nothing kept. `error_after`: kept, then 500.
    `drop_reply`: kept, then the connection closes without an answer.
    `service`: at the service with this id alone.
    Of callbacks: `callback_drop` makes none, `callback_repeat` makes it twice, `callback_reorder` lets others overtake.
    """

    drop_reply: float = 0.0
    error_before: float = 0.0
    error_after: float = 0.0
    rate_limit: float = 0.0
    daily_email: float = 0.0
    daily_sms: float = 0.0
    key_refused: float = 0.0
    callback_drop: float = 0.0
    callback_repeat: float = 0.0
    callback_reorder: float = 0.0
    delay_ms: int = 0
    service: str = ""

    def of(self, service_id: str) -> "Faults":
        """What this service meets."""
        return self if self.service in ("", service_id) else Faults()


class FaultBox:
    """The faults in force. Gone with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random()  # noqa: S311 (drills, no secrets)
        self.current = Faults()

    def set(self, values: Any) -> Faults:
        """Replaces all faults; what is not named is off. Raises ValueError in plain words."""
        if not isinstance(values, dict):
            raise ValueError("Send a JSON object.")
        known = {item.name for item in fields(Faults)}
        if unknown := set(values) - known:
            raise ValueError(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
        for name, value in values.items():
            if name == "service":
                if not isinstance(value, str):
                    raise ValueError("service must be the id of a service.")
                continue
            top = 60_000 if name == "delay_ms" else 1
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= top:
                raise ValueError(f"{name} must be a number from 0 to {top}.")
        self.current = Faults(**values)
        return self.current

    def happens(self, probability: float) -> bool:
        with self._lock:
            return self._random.random() < probability

    def as_dict(self) -> dict[str, float | str]:
        return {name: value for name, value in asdict(self.current).items() if value != ""}
