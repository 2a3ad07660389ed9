"""Runs the mailbox: `python -m demo.mailbox --port N --data DIR`, with the key in NOTIFY_API_KEY."""

import argparse
import os
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from demo.mailbox.notify import ApiKey
from demo.mailbox.web import create_mailbox


class Server(BaseApplication):
    """One process with threads: the store has one writer."""

    def __init__(self, data: Path, port: int, api_key: str) -> None:
        self.data, self.port, self.api_key = data, port, api_key
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
        return create_mailbox(self.data, api_key=self.api_key)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.mailbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder for the messages")
    options = parser.parse_args()
    api_key = os.environ.get("NOTIFY_API_KEY", "")
    try:
        ApiKey.parse(api_key)
    except ValueError as error:
        parser.error(f"NOTIFY_API_KEY: {error}")
    Server(options.data, options.port, api_key).run()


if __name__ == "__main__":
    main()
