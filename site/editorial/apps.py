from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    verbose_name = _("Editorial office")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from editorial.checks import hooks  # noqa: F401, PLC0415 - they register themselves
        from editorial.review import chased, figures, overriding, signals, states  # noqa: PLC0415

        signals.silence_wagtail()
        chased.register()
        figures.register()
        overriding.register()
        states.register()
