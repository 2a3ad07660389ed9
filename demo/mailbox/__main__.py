"""Runs the mailbox: `python -m demo.mailbox --port N --data DIR`, with the key in NOTIFY_API_KEY, or several apart by
spaces in MAILBOX_API_KEYS.

With `--service URL` it makes callbacks there, with the first token of NOTIFY_CALLBACK_TOKENS.
"""

import argparse
import os
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from demo.mailbox.callbacks import RETRY_SECONDS, Where
from demo.mailbox.notify import KeyRing
from demo.mailbox.web import create_mailbox


class Server(BaseApplication):
    """One process with threads: the store has one writer."""

    def __init__(self, data: Path, port: int, api_key: str, callbacks: Where | None) -> None:
        self.data, self.port, self.api_key, self.callbacks = data, port, api_key, callbacks
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": [f"127.0.0.1:{self.port}"],
            "worker_class": "gthread",
            "workers": 1,
            "threads": 16,
            "keepalive": 75,
            "graceful_timeout": 5,
            "timeout": 90,
            "control_socket_disable": True,
            "proc_name": "webelong-mailbox",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_mailbox(self.data, api_key=self.api_key, callbacks=self.callbacks)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.mailbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder for the messages")
    parser.add_argument("--service", metavar="URL", help="where callbacks go")
    parser.add_argument(
        "--retry-seconds", type=float, default=RETRY_SECONDS, help="between two tries of a callback"
    )
    options = parser.parse_args()
    api_key = os.environ.get("MAILBOX_API_KEYS") or os.environ.get("NOTIFY_API_KEY", "")
    try:
        KeyRing.parse(api_key)
    except ValueError as error:
        parser.error(f"NOTIFY_API_KEY: {error}")
    tokens = os.environ.get("NOTIFY_CALLBACK_TOKENS", "").split()
    callbacks = None
    if options.service and tokens:
        callbacks = Where.at(options.service, tokens[0], retry_seconds=options.retry_seconds)
    Server(options.data, options.port, api_key, callbacks).run()


if __name__ == "__main__":
    main()
