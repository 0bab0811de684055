"""Telling people in the admin, through the layer that has notices.

Campaigns lie below the newsroom, which keeps everybody's notices; see ``campaigns.counting``.
"""

from collections.abc import Callable, Mapping

#: Takes text by user, the address to go to, and what must not be told twice to the same person.
Teller = Callable[[Mapping[int, str], str, str], object]

_tellers: list[Teller] = []


def register_teller(teller: Teller) -> Teller:
    """Take the function; registering it again changes nothing."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def tell(texts: Mapping[int, str], url: str, about: str) -> None:
    for teller in _tellers:
        teller(texts, url, about)
