from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal import (  # noqa: F401, PLC0415 - they register themselves
            figures,
            holdings,
            providers,
            signals,
        )
        from portal.bundles import hooks  # noqa: F401, PLC0415
