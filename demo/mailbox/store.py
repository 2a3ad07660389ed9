"""Messages that were accepted, kept in one append-only file of JSON lines."""

import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PAGE = 250


@dataclass(frozen=True)
class Message:
    """One message as it left the product. `to` is an address, a number, or a postal address on one line."""

    id: str
    type: str
    to: str
    subject: str | None
    body: str
    status: str
    created_at: str
    reference: str | None = None
    template_id: str | None = None
    personalisation: dict[str, object] = field(default_factory=dict)
    has_pdf: bool = False
    postage: str | None = None
    one_click_unsubscribe_url: str | None = None
    #: Whose it is; of one service none reads another's. Empty: from before there were several.
    service_id: str = ""

    def headers(self) -> dict[str, str]:
        """What Notify puts on an email for mail programs (RFC 8058)."""
        if not self.one_click_unsubscribe_url:
            return {}
        return {
            "List-Unsubscribe": f"<{self.one_click_unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def summary(self) -> dict[str, Any]:
        """What tools read: who got what, and how it went."""
        return {
            "id": self.id,
            "reference": self.reference,
            "type": self.type,
            "to": self.to,
            "subject": self.subject,
            "body": self.body,
            "status": self.status,
            "created_at": self.created_at,
            "service_id": self.service_id,
            "headers": self.headers(),
        }


def same_recipient(one: str, other: str) -> bool:
    """True for two spellings of one address or number: 07700 900123 is +447700900123."""
    return _plain(one) == _plain(other)


def _plain(recipient: str) -> str:
    digits = re.sub(r"[\s()+\-.]", "", recipient)
    if digits.isdigit():
        return re.sub(r"^(?:0044|44|0)(?=\d{9,})", "", digits)
    return recipient.strip().casefold()


@dataclass(frozen=True)
class Received:
    """A text that somebody sent to the service's number."""

    id: str
    user_number: str
    content: str
    created_at: str
    #: To whose number. Empty: to the first service's.
    service_id: str = ""


class Store:
    """Appends survive a crash once `add` has returned. One process at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / "messages.jsonl"
        self._messages: list[Message] = []
        self._by_id: dict[str, Message] = {}
        self._by_reference: dict[str, list[Message]] = {}
        self._write_lock = threading.Lock()
        self._sync_lock = threading.Lock()
        self._synced = 0
        self._received_path = folder / "received.jsonl"
        self._received: list[Received] = []
        self._load()
        self._file = open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")  # noqa: SIM115

    def add(self, message: Message, *, pdf: bytes | None = None) -> None:
        """Keeps the message. On return it is on the disk."""
        if pdf is not None:
            self._write_pdf(message.id, pdf)
        line = json.dumps(asdict(message), ensure_ascii=False).encode() + b"\n"
        with self._write_lock:
            self._file.write(line)
            self._file.flush()
            self._remember(message)
            position = len(self._messages)
        # Whoever waits here while another syncs may find its own line synced too: one sync serves many.
        with self._sync_lock:
            if self._synced < position:
                reached = len(self._messages)
                os.fsync(self._file.fileno())
                self._synced = reached

    def find(self, message_id: str) -> Message | None:
        return self._by_id.get(message_id.lower())

    def find_pdf(self, message_id: str) -> Path | None:
        """The letter's file. `message_id` must come from a stored message."""
        path = self.folder / "letters" / f"{message_id}.pdf"
        return path if path.exists() else None

    def list_newest(
        self, *, reference: str | None = None, older_than: str | None = None
    ) -> Iterator[Message]:
        """Newest first; with `older_than`, from the one after that id."""
        with self._write_lock:
            messages = list(self._by_reference.get(reference, ()) if reference else self._messages)
        waiting = older_than is not None
        for message in reversed(messages):
            if waiting:
                waiting = message.id != older_than
            else:
                yield message

    def receive(self, text: Received) -> None:
        """Keeps a reply. On return it is on the disk."""
        with self._write_lock, self._received_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(text), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
            self._received.append(text)

    def list_received(self, *, older_than: str | None = None) -> list[Received]:
        """Newest first; with `older_than`, from the one after that id."""
        newest = list(reversed(self._received))
        ids = [text.id for text in newest]
        return newest[ids.index(older_than) + 1 :] if older_than in ids else newest

    def close(self) -> None:
        self._file.close()

    def _write_pdf(self, message_id: str, pdf: bytes) -> None:
        letters = self.folder / "letters"
        letters.mkdir(mode=0o700, exist_ok=True)
        with (letters / f"{message_id}.pdf").open("wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())

    def _remember(self, message: Message) -> None:
        self._messages.append(message)
        self._by_id[message.id] = message
        if message.reference:
            self._by_reference.setdefault(message.reference, []).append(message)

    def _load(self) -> None:
        if self._received_path.exists():
            lines = self._received_path.read_text(encoding="utf-8").splitlines()
            self._received = [Received(**json.loads(line)) for line in lines if line.endswith("}")]
        if not self._path.exists():
            return
        whole = 0
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._remember(Message(**json.loads(line)))
                whole += len(line)
        # A crash in mid-line leaves a piece that nobody was told is kept.
        os.truncate(self._path, whole)
        self._synced = len(self._messages)
