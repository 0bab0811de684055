from django.apps import AppConfig, apps
from wagtail.users.apps import WagtailUsersAppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "nhipcau"

    def ready(self) -> None:
        from config.pool import calling, queues  # noqa: PLC0415 - they need models

        if apps.is_installed(queues.APP):
            calling.connect()


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's user accounts, with the agencies and the pen name of ours."""

    user_viewset = "organisations.viewsets.PersonViewSet"
