"""A line with IPv6 is one visitor, however many addresses it takes."""

from __future__ import annotations

import pytest

from infra.visitors import customer_of, line_of


@pytest.mark.parametrize(
    ("address", "line", "customer"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:0DB8:1:2:ffff::", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("none", "none", "none"),
        ("", "", ""),
    ],
)
def test_an_address_stands_for_its_line(address: str, line: str, customer: str) -> None:
    assert line_of(address) == line
    assert customer_of(address) == customer
