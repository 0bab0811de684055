"""What becomes of authors and of hand-carried copies when an agency is reorganised."""

from django.utils.translation import gettext_lazy as _

from organisations.reorganising.holdings import Fate, register_holding

register_holding("portal.Author", "organisation", Fate.MOVES, _("authors of their unit"))
register_holding(
    "portal.PhysicalCopy", "organisation", Fate.MOVES, _("physical copies they look after")
)
