from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "nhipcau"


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's user accounts, with the agencies and the pen name of ours."""

    user_viewset = "organisations.viewsets.PersonViewSet"
