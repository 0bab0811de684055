"""What campaigns chase stands among a person's notices; the mails about it are theirs."""

from collections.abc import Mapping

from campaigns.chasing import bell
from editorial.models import Notice


def tell(texts: Mapping[int, str], url: str, about: str) -> None:
    """Keep one notice for each user. Nobody is told twice ``about`` the same thing."""
    Notice.objects.bulk_create(
        [
            Notice(user_id=user, verb=Notice.Verb.DUE, text=text, url=url, about=about)
            for user, text in texts.items()
        ],
        ignore_conflicts=True,
    )


def register() -> None:
    bell.register_teller(tell)
