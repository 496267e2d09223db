"""Networks that addresses lie in: what is counted against one sender is counted by network."""

from __future__ import annotations

import ipaddress
from typing import Final

# What one customer of a provider commonly has, so that nobody counts as many.
_BITS: Final = {4: 24, 6: 48}


def network_of(address: str) -> str:
    """Give the network an address lies in, a /24 or a /48 of IPv6; itself where it cannot be read."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    bits = _BITS[read.version]
    return str(ipaddress.ip_network(f"{read}/{bits}", strict=False))
