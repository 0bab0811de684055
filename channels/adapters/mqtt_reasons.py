"""What a broker's refusals mean. Codes and names: MQTT 5.0 (OASIS), section 2.4."""

from django.utils.translation import gettext as _

from channels.contract import DeliveryError, PermanentError, TemporaryError

FAILED = 0x80  # from here on a code is a refusal
NO_SUBSCRIBERS = 0x10
BAD_LOGIN = frozenset({0x86, 0x8C})
NOT_AUTHORISED = 0x87
BANNED = 0x8A
BUSY = frozenset({0x80, 0x83, 0x88, 0x89, 0x97, 0x9F})  # of the broker as a whole, for now
OLD_PROTOCOL = frozenset({0x01, 0x84})  # 0x01: how brokers before MQTT 5 say it
BAD_TOPIC = 0x90
TOO_LARGE = 0x95
QUOTA = 0x97
NOT_RETAINING = frozenset({0x9A, 0x9B})  # no retained messages, no QoS 1


def of_connecting(code: int) -> DeliveryError:
    """Return what a refused CONNECT means."""
    if code in BUSY:
        return TemporaryError(_("The broker takes no connections now (code %s).") % f"{code:#04x}")
    if code in BAD_LOGIN:
        return PermanentError(
            _("The broker does not accept the user or the password. Enter them again."),
            stops_channel=True,
        )
    if code in {NOT_AUTHORISED, BANNED}:
        return PermanentError(
            _("The broker does not let this user in. Ask whoever runs the broker."),
            stops_channel=True,
        )
    if code in OLD_PROTOCOL:
        return PermanentError(
            _("The broker does not speak MQTT 5. Ask whoever runs it to bring it up to date."),
            stops_channel=True,
        )
    return PermanentError(
        _("The broker refuses the connection (code %s). Ask whoever runs it.") % f"{code:#04x}",
        stops_channel=True,
    )


def of_publishing(code: int) -> DeliveryError:
    """Return what a refused PUBLISH means."""
    if code == NOT_AUTHORISED:
        return PermanentError(
            _("The broker does not let this user write there. Check where the topics begin."),
            stops_channel=True,
        )
    if code == BAD_TOPIC:
        return PermanentError(
            _("The broker does not accept the topic. Check where the topics begin."),
            stops_channel=True,
        )
    if code in NOT_RETAINING:
        return PermanentError(
            _(
                "The broker does not keep messages for later receivers, which this channel needs. "
                "Ask whoever runs the broker to allow it."
            ),
            stops_channel=True,
        )
    if code == TOO_LARGE:
        return PermanentError(_("The item is too large for the broker. Shorten the text."))
    if code == QUOTA:
        return PermanentError(
            _("The broker's limit for this user is reached. Ask whoever runs the broker.")
        )
    return PermanentError(
        _("The broker refused the item (code %s). Ask whoever runs the broker.") % f"{code:#04x}"
    )


def of_subscribing(code: int) -> DeliveryError:
    """Return what a refused SUBSCRIBE means: that trial messages cannot be looked for."""
    return PermanentError(
        _(
            "The broker does not let our user read what it wrote (code %s). Ask whoever runs the "
            "broker to let it read there too."
        )
        % f"{code:#04x}"
    )


def of_parting(code: int) -> DeliveryError:
    """Return what it means that the broker ended the connection with this code."""
    if code in {NOT_AUTHORISED, BAD_TOPIC, TOO_LARGE, *NOT_RETAINING}:
        return of_publishing(code)
    return TemporaryError(_("The broker ended the connection before it took the item."))
