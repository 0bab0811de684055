"""The log-in form, which stops those who guess."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms.auth import LoginForm

from core.text import fold
from core.throttle import Limit, client_address

logger = logging.getLogger(__name__)

WINDOW = 15 * 60  # seconds
# An account is closed only to the address that guesses: nobody locks a colleague out from afar.
PER_ACCOUNT = Limit("login-account", 10, WINDOW)
PER_ADDRESS = Limit("login-address", 100, WINDOW)  # an office behind one address makes mistakes too


class ThrottledLoginForm(LoginForm):
    """Wagtail's form. After too many failures it asks to wait, even when the password is right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = gettext_lazy("Password")  # Wagtail's is English for all

    def clean(self) -> dict[str, Any]:
        address = client_address(self.request)
        account = f"{address} {fold(self.cleaned_data.get('username', ''))}"
        if PER_ACCOUNT.reached(account) or PER_ADDRESS.reached(address):
            logger.warning("Too many failed log-ins from %s", address or "an unknown address")
            raise ValidationError(wait(), code="too_many")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            PER_ACCOUNT.count(account)
            PER_ADDRESS.count(address)
            raise
        if self.get_user():
            PER_ACCOUNT.forget(account)
        return cleaned


def wait() -> str:
    minutes = WINDOW // 60
    return ngettext(
        "Too many failed attempts. Please try again in %(minutes)d minute.",
        "Too many failed attempts. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
