"""What mail servers and providers refuse, in words for editors."""

import smtplib
import ssl
from collections.abc import Mapping

from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailError,
    AnymailRecipientsRefused,
)
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.adapters.shared_requests import never_left, untrusted
from channels.contract import (
    DeliveryError,
    PermanentError,
    TemporaryError,
    UncertainError,
)

NO_REPLY = -1  # smtplib's word for an answer without a number
TOO_LARGE = 552
NEEDS_LOGIN = 530
SERVICE_CLOSES = 421
SILENT = gettext_lazy(
    "The mail server gave no answer. Ask the desk whether the mail arrived before sending it again."
)
PERMANENT = 500  # from here on a reply is final (RFC 5321, 4.2.1)


class Abandoned(Exception):
    """Nobody waits for the mail any more: it is not sent."""


class Unsure(Exception):
    """The connection was lost while or after the mail was handed over."""


def explain(error: Exception, *, begun: bool) -> DeliveryError | None:
    """Return the failure in the contract's words; ``None`` for what is no failure of mail.

    ``begun``: the mail was being handed over.
    """
    found: DeliveryError | None = None
    match error:
        case DeliveryError():
            found = error
        case smtplib.SMTPException() | Unsure():
            found = _smtp(error)
        case AnymailConfigurationError() | ImportError() | ImproperlyConfigured():
            found = PermanentError(
                _("Mail is not set up correctly. Ask the operator (EMAIL_BACKEND)."),
                stops_channel=True,
            )
        case AnymailError():
            found = _provider(error)
        case OSError():
            found = _silence() if begun else _connecting(error)
        case ValueError():  # Django, of a header or an address it cannot write
            found = PermanentError(
                _("The mail cannot be put together. Look at title and addresses.")
            )
    return found


def refusal(code: int, words: bytes | str) -> str:
    """Return why a recipient was refused, from the reply (RFC 3463 names the causes)."""
    said = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    start = said.partition(" ")[0]
    detail = start.partition(".")[2] if start.count(".") == 2 else ""  # as in "5.1.1"
    reasons = {
        "1.1": _("no such mailbox"),
        "1.2": _("no such mail domain"),
        "1.10": _("no such mail domain"),
        "2.1": _("mailbox closed"),
        "2.2": _("mailbox full"),
        "7.1": _("it does not take our mail"),
    }
    if code == TOO_LARGE:  # of a recipient: the mailbox, not the mail (RFC 5321, 4.2.3)
        detail = "2.2"
    reason = reasons.get(detail) or (_("try later") if code < PERMANENT else _("not accepted"))
    return f"{reason}, {code}"


def named(refused: Mapping[str, str]) -> str:
    """Return the addresses with the reasons, in one line."""
    return "; ".join(f"{address} ({why})" for address, why in refused.items())


def missing(refused: Mapping[str, str]) -> str:
    """Return what a person is to do about those of a desk who did not get a mail."""
    words = _(
        "Not accepted for %s. Correct the address in the channel's settings, and see that the "
        "desk has the item."
    )
    return words % named(refused)


def nobody(refused: Mapping[str, str]) -> PermanentError:
    """Return the failure of a mail that was accepted for no address."""
    words = _("No address of the desk is accepted: %s. Correct them in the channel's settings.")
    return PermanentError(words % named(refused))


def _smtp(error: smtplib.SMTPException | Unsure) -> DeliveryError:
    match error:
        case Unsure():
            return UncertainError(
                _(
                    "The connection broke off while the mail was handed over. Ask the desk whether "
                    "it arrived before sending it again."
                )
            )
        case smtplib.SMTPRecipientsRefused():
            return _recipients(error)
        case smtplib.SMTPNotSupportedError():
            return PermanentError(
                _("The mail server offers no encryption or log-in as set up. Ask the operator."),
                stops_channel=True,
            )
        case smtplib.SMTPResponseException():
            return _answered(error)
    return TemporaryError(_("The mail server broke off before it had the mail."))


def _recipients(error: smtplib.SMTPRecipientsRefused) -> DeliveryError:
    """Nobody of the desk was accepted."""
    codes = [code for code, _words in error.recipients.values()]
    refused = {to: refusal(*answer) for to, answer in error.recipients.items()}
    if NEEDS_LOGIN in codes:
        return _not_let_in()
    if any(code < PERMANENT for code in codes):
        return TemporaryError(_("The mail server does not take it now: %s.") % named(refused))
    return nobody(refused)


def _answered(error: smtplib.SMTPResponseException) -> DeliveryError:
    """The server said a number."""
    code = error.smtp_code
    if code in ANSWERS:
        return ANSWERS[code]()
    if code < PERMANENT:
        return TemporaryError(_("The mail server does not take mail now (%s).") % code)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _not_let_in()
    if isinstance(error, smtplib.SMTPDataError):
        return PermanentError(
            _(
                "The mail server refuses this mail (%s). Look at its text and attachments, or ask "
                "the operator."
            )
            % code
        )
    words = (
        _("The mail server does not accept our sender's address (%s). Ask the operator.")
        if isinstance(error, smtplib.SMTPSenderRefused)
        else _("The mail server refuses to serve us (%s). Ask the operator.")
    )
    return PermanentError(words % code, stops_channel=True)


def _too_large() -> PermanentError:
    return PermanentError(
        _("The mail is too large for the mail server. Lower the size of attachments.")
    )


def _not_let_in() -> PermanentError:
    return PermanentError(
        _("The mail server refuses our name or password. The operator enters them anew."),
        stops_channel=True,
    )


def _no_mail_server() -> PermanentError:
    return PermanentError(
        _(
            "What answers at the mail server's address is no mail server. Ask the operator to look "
            "at EMAIL_HOST and EMAIL_PORT, then start the channel again."
        ),
        stops_channel=True,
    )


def _untrusted() -> PermanentError:
    return PermanentError(
        _(
            "The mail server's certificate cannot be trusted: it has run out, is of another name, "
            "or nobody known vouches for it. Nothing was sent. Ask the operator to put it right, "
            "then start the channel again."
        ),
        stops_channel=True,
    )


ANSWERS = {NO_REPLY: _no_mail_server, TOO_LARGE: _too_large, NEEDS_LOGIN: _not_let_in}


def _connecting(error: OSError) -> DeliveryError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _untrusted()
    if isinstance(error, ssl.SSLError):
        return TemporaryError(_("No encrypted connection to the mail server was possible."))
    return TemporaryError(_("The mail server cannot be reached."))


def _provider(error: AnymailError) -> DeliveryError:
    """What a mail provider's interface answered, through django-anymail."""
    if isinstance(error, AnymailRecipientsRefused):
        return PermanentError(
            _(
                "The mail provider refuses every address of the desk. Correct them in the "
                "channel's settings."
            )
        )
    if not isinstance(error, AnymailAPIError):
        return PermanentError(_("The mail provider cannot carry such a mail. Ask the operator."))
    if error.status_code is not None:
        return _by_status(error.status_code)
    if untrusted(error.__cause__):
        return _untrusted()
    if never_left(error.__cause__):
        return TemporaryError(_("The mail provider cannot be reached."))
    return _silence()


def _by_status(status: int) -> DeliveryError:
    """The provider answered with a number (RFC 9110, 15)."""
    if status in {401, 403}:
        return PermanentError(
            _("The mail provider refuses our key. The operator enters it anew."),
            stops_channel=True,
        )
    if status in {429, 500, 502, 503}:
        return TemporaryError(_("The mail provider does not take mail now (%s).") % status)
    if status == 413:
        return _too_large()
    if 400 <= status < PERMANENT:
        return PermanentError(
            _(
                "The mail provider refuses this mail (%s). Look at its text and attachments, or "
                "ask the operator."
            )
            % status
        )
    return _silence()


def _silence() -> UncertainError:
    return UncertainError(str(SILENT))
