"""Figures for whoever watches the service, in the text format of Prometheus.

Apps register functions; each is asked when somebody looks. Labels hold kinds and states, never
names, titles or secrets.
"""

import hmac
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from core.throttle import client_address

logger = logging.getLogger(__name__)

PREFIX = "nhipcau_"
Sample = tuple[Mapping[str, str], float]  # labels, value
Read = Callable[[], float | Iterable[Sample]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name without our prefix, what it says, and how to read it."""

    name: str
    help: str
    read: Read


_FIGURES: dict[str, Figure] = {}
Families = Callable[[], Iterable[Metric]]
_FAMILIES: dict[str, Families] = {}


def register(name: str, help: str, read: Read) -> None:
    """Offer a figure: a number, or numbers each with labels. A repeated name replaces the first.

    Names end in their unit, as Prometheus asks: ``…_seconds``.
    """
    _FIGURES[name] = Figure(name, help, read)


def register_families(name: str, read: Families) -> None:
    """Offer counters and histograms, ready as Prometheus' client wants them."""
    _FAMILIES[name] = read


class Collector:
    """Reads every figure when it is asked. One that fails is left out, and the others are told."""

    def collect(self) -> Iterator[Metric]:
        failed = 0
        for name, read in list(_FAMILIES.items()):
            try:
                with transaction.atomic():
                    yield from list(read())
            except Exception:
                logger.exception("The figures %s could not be read", name)
                failed += 1
        for figure in list(_FIGURES.values()):
            try:
                with transaction.atomic():
                    yield family(figure)
            except Exception:
                logger.exception("The figure %s could not be read", figure.name)
                failed += 1
        yield GaugeMetricFamily(f"{PREFIX}figures_failed", "Figures that cannot be read.", failed)


def family(figure: Figure) -> GaugeMetricFamily:
    """Return the figure as it is now."""
    values = figure.read()
    if isinstance(values, int | float):
        return GaugeMetricFamily(PREFIX + figure.name, figure.help, float(values))
    samples = list(values)
    names = sorted(samples[0][0]) if samples else []
    found = GaugeMetricFamily(PREFIX + figure.name, figure.help, labels=names)
    for labels, value in samples:
        found.add_metric([labels[name] for name in names], float(value))
    return found


@never_cache
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """``/metrics``: for this machine itself, or with the token; for others it does not exist."""
    if not allowed(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def allowed(request: HttpRequest) -> bool:
    """Whether the request brings the token, or comes straight from this machine.

    What a proxy on this machine passes on comes from elsewhere.
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if wanted and scheme.lower() == "bearer":
        return hmac.compare_digest(token.strip().encode(), wanted.encode())
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False
    try:
        return ip_address(client_address(request)).is_loopback
    except ValueError:
        return False
