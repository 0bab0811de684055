"""Which targets on the network our own requests may reach."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

# What the IANA special-purpose registries do not call globally reachable (RFC 6890 and later),
# multicast, and the 6to4 relay. Written out, because ``is_global`` differs between Pythons.
RESERVED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
GLOBAL_V6 = IPv6Network("2000::/3")
RESERVED_V6 = tuple(
    IPv6Network(net)
    # Teredo and other protocol assignments, documentation, 6to4, documentation again.
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anyone on the Internet may be meant by this address.

    IPv4 inside IPv6 (mapped, NAT64) is judged by the IPv4 part; tunnels (6to4, Teredo) never pass.
    """
    inner = embedded(address)
    if isinstance(inner, IPv4Address):
        return not any(inner in net for net in RESERVED_V4)
    return inner in GLOBAL_V6 and not any(inner in net for net in RESERVED_V6)


def embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that traffic to a mapped or NAT64 address ends at, else the same."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


class Guard:
    """Decides which targets may be reached: public ones, and those the operator names.

    ``allow`` holds host names, addresses and networks in CIDR notation. Raises ``ValueError`` for
    an entry that looks like a network and is none.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._hosts: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for entry in allow:
            if is_address(entry) or "/" in entry:
                self._networks.append(ip_network(entry))
            else:
                self._hosts.add(_canonical(entry))

    def allows_name(self, host: str) -> bool:
        """Whether the operator named this host: then wherever it leads is fine."""
        return _canonical(host) in self._hosts

    def allows_address(self, address: str) -> bool:
        """Whether this address may be connected to."""
        target = ip_address(address)
        inner = embedded(target)
        named = any(inner in net or target in net for net in self._networks)
        return named or is_public(target)


def _canonical(host: str) -> str:
    return host.rstrip(".").lower()


def is_address(host: str) -> bool:
    """Whether a host is written as an address and not as a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
