from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Core")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import labels, logs  # noqa: PLC0415 - Wagtail's forms need every model

        labels.give()
        logs.hide_settings()
