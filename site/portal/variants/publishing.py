"""Nothing that is too long for its receivers is published, whichever way somebody tries."""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import RefusedError
from portal.gates import Attempt, register
from portal.variants import stored
from portal.variants.texts import variants_of


def problems(variants: Any) -> list[str]:
    """Return a sentence for each text that is too long."""
    message = _("%(kind)s, %(field)s: too long, %(excess)s. Shorten it or have it composed anew.")
    return [
        message % {"kind": kind.label, "field": field.label, "excess": excess}
        for kind, field, excess in stored.over(variants)
    ]


@register
def gate(attempt: Attempt) -> None:
    """Refuse a version in which a text is too long."""
    if found := problems(variants_of(attempt.page)):
        raise RefusedError(" ".join(found))
