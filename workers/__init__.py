"""The processes behind the pages. Each knows every message: some write them, one sends them."""

from app.message_kinds import load

load()
