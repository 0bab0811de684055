"""What becomes of feeds when the agency that writes them is reorganised."""

from django.utils.translation import gettext_lazy as _

from organisations.reorganising.holdings import Fate, register_holding

register_holding("ingest.Source", "organisation", Fate.MOVES, _("feeds they write"))
