"""Networks that addresses lie in: what is counted against one sender is counted by network."""

from __future__ import annotations

import ipaddress


def network_of(address: str) -> str:
    """Give the network an address lies in, a /24 or a /64 of IPv6; itself where it cannot be read."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    bits = 24 if read.version == 4 else 64  # noqa: PLR2004 - IPv4
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
