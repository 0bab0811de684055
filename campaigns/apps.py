from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from campaigns import (  # noqa: F401, PLC0415 - they register themselves
            log_actions,
            reorganising,
        )
        from campaigns.chasing import (  # noqa: F401, PLC0415 - they register
            events,
            own_plans,
            reports,
            reviews,
            slots,
        )
        from campaigns.evidence import guarding  # noqa: F401, PLC0415 - it registers
        from campaigns.ownplans import guarding as guarded_plans  # noqa: F401, PLC0415 - it registers
