from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "channels"
    verbose_name = _("Channels")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from channels import (  # noqa: F401, PLC0415 - they register themselves
            bounces,
            figures,
            holdings,
            log_actions,
        )
        from channels.feeds import hubs  # noqa: F401, PLC0415 - it listens
