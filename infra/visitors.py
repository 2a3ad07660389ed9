"""Whom an address on the network stands for, when tries are counted.

An ordinary line with IPv6 has 2^64 addresses and may take another for every request: its first 64 bits are the line.
A provider gives one customer up to 2^16 such lines, so what counts widely counts by the first 48.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

LINE, CUSTOMER = 64, 48


def line_of(address: str) -> str:
    """The line that `address` belongs to: an IPv4 address itself, the /64 of an IPv6 one."""
    return _network(address, LINE)


def customer_of(address: str) -> str:
    """The same by the /48 of an IPv6 address."""
    return _network(address, CUSTOMER)


def _network(address: str, length: int) -> str:
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((int(found), length), strict=False))
        found = found.ipv4_mapped
    return str(found)
