"""Which of our connections leave this machine unprotected."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

#: What each kind of address must look like when it leaves the machine, and how to get there.
ADVICE = {
    "postgres": "add ?sslmode=verify-full&sslrootcert=system (or the file of your authority)",
    "redis": "use rediss:// and leave certificate checks on",
    "http": "use https://",
}


def unprotected(addresses: Mapping[str, str | None]) -> list[str]:
    """One sentence for each of these settings (name -> address) that would send data unencrypted or unchecked.

    What stays on this machine may be plain: a loopback address, a socket file, no host at all.
    """
    found = []
    for name, address in addresses.items():
        if address:
            kind = _kind(address)
            if not _stays_here(address) and not _is_checked(kind, address):
                found.append(f"{name} leaves this machine unprotected: {ADVICE[kind]}.")
    return found


def _kind(address: str) -> str:
    scheme = urlsplit(address).scheme.partition("+")[0]
    if scheme.startswith("postgres"):
        return "postgres"
    return "redis" if scheme in ("redis", "rediss", "unix") else "http"


def _stays_here(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_checked(kind: str, address: str) -> bool:
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    if kind == "postgres":
        return asked.get("sslmode", [""])[0] == "verify-full"
    if kind == "redis":
        return parts.scheme == "rediss" and asked.get("ssl_cert_reqs", ["required"])[0] == "required"
    return parts.scheme == "https"
