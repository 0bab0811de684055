"""What probes and trial messages told of a channel, in words for its page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from channels.contract import Degree
from channels.models import Channel
from channels.watching.models import Canary, Probe


@dataclass(frozen=True, slots=True)
class Watched:
    """Each is empty when there is nothing to tell."""

    probed: str = ""  # when its destination was last asked, and what it answered
    trial: str = ""  # when a trial message last arrived, and how surely that is known
    trouble: str = ""  # why the last trial message is not proved


def watched(channel: Channel) -> Watched:
    """Return what is known of the channel, with two queries."""
    probe = Probe.objects.filter(channel=channel).exclude(checked_at=None).first()
    canary = Canary.objects.filter(channel=channel).first() if channel.is_test else None
    return Watched(
        probed=_of_probe(probe) if probe else "",
        trial=_of_trial(canary) if canary else "",
        trouble=canary.problem if canary else "",
    )


def degree_label(degree: str) -> str:
    """Return how surely it is known that a trial arrived."""
    return {
        Degree.ACCEPTED: _("accepted; what became of it then is not known"),
        Degree.SEEN: _("seen where it stands"),
        Degree.RETURNED: _("came back as receivers get it"),
    }[Degree(degree)]


def _of_probe(probe: Probe) -> str:
    words = _("answers") if probe.ok else probe.reason
    name = f" ({probe.name})" if probe.ok and probe.name else ""
    return f"{_moment(probe.checked_at)}: {words}{name}"


def _of_trial(canary: Canary) -> str:
    if canary.arrived_at is None:
        return _("none is proved to have arrived so far")
    degree = degree_label(canary.degree) if canary.degree else ""
    how = " – ".join(filter(None, (degree, canary.proof)))
    return f"{_moment(canary.arrived_at)}: {how}"


def _moment(moment: datetime | None) -> str:
    local = timezone.localtime(moment)
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")
