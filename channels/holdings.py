"""What becomes of channels when the agency that owns them is reorganised."""

from django.utils.translation import gettext_lazy as _

from organisations.reorganising.holdings import Fate, register_holding

register_holding("channels.Channel", "owner", Fate.MOVES, _("channels they own"))
