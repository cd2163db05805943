"""Network addresses: which count as one client, which are exempt, and how much of one is logged."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
SUBSCRIBER = 64  # prefix length of an IPv6 network of one subscriber (RFC 6177)
WRITTEN = {4: 24, 6: 48}
ANY = "*"


@lru_cache(maxsize=4096)
def one_client(host: str) -> str:
    """The key of a client: an IPv4 address, or a subscriber's IPv6 network."""
    address = _parsed(host)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, SUBSCRIBER), strict=False))
    return str(address) if address else host


@lru_cache(maxsize=4096)
def shortened(host: str) -> str:
    """An address without the part that identifies a device: /24 of IPv4, /48 of IPv6; `-` for no address."""
    address = _parsed(host)
    if address is None:
        return "-"
    return str(ip_network((address, WRITTEN[address.version]), strict=False).network_address)


class Networks:
    """Addresses and networks as in the settings; `*` is every address. Invalid entries are ignored."""

    def __init__(self, listed: Iterable[str]) -> None:
        names = [name.strip() for name in listed]
        self._any = ANY in names
        self._networks: list[Network] = [found for name in names if (found := _network(name))]

    def __contains__(self, host: str) -> bool:
        if self._any:
            return True
        address = _parsed(host)
        return address is not None and any(address in network for network in self._networks)


def _parsed(host: str) -> IPv4Address | IPv6Address | None:
    """The parsed address; an IPv4-mapped one (::ffff:192.0.2.1) as IPv4."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(name: str) -> Network | None:
    try:
        return ip_network(name, strict=False)
    except ValueError:
        return None
