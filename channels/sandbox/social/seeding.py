"""Accounts and pages for the demo and for tests. Each may be seeded again."""

from collections.abc import Mapping

from channels.sandbox.social.models import SandboxAccount


def seed_zalo(
    number: str,
    name: str,
    *,
    app_id: str,
    app_secret: str,
    refresh_token: str,
    groups: Mapping[str, str] | None = None,
) -> SandboxAccount:
    """Return the official account. ``groups``: names by number."""
    account, _created = SandboxAccount.objects.update_or_create(
        service=SandboxAccount.ZALO,
        number=number,
        defaults={
            "name": name,
            "app_id": app_id,
            "app_secret": app_secret,
            "groups": dict(groups or {}),
        },
        create_defaults={
            "name": name,
            "app_id": app_id,
            "app_secret": app_secret,
            "groups": dict(groups or {}),
            "refresh_token": refresh_token,
        },
    )
    return account


def seed_facebook(number: str, name: str, *, token: str, app_secret: str = "") -> SandboxAccount:
    """Return the page. With ``app_secret`` it asks for signed requests."""
    account, _created = SandboxAccount.objects.update_or_create(
        service=SandboxAccount.FACEBOOK,
        number=number,
        defaults={"name": name, "token": token, "app_secret": app_secret},
    )
    return account
