"""Registrations only."""

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from organisations.contacts import ContactViewSet
from organisations.provinces import views as provinces
from organisations.reorganising import urls as reorganising
from organisations.viewsets import OrganisationViewSet

register_snippet(OrganisationViewSet)


@hooks.register("register_admin_viewset")
def register_contacts() -> ContactViewSet:
    return ContactViewSet()


@hooks.register("register_admin_urls")
def urls_of_many() -> list[URLPattern | URLResolver]:
    return [
        path("organisations/reorganisations/", include(reorganising.urlpatterns)),
        path("organisations/provinces/", provinces.choose, name="organisations_provinces"),
    ]


@hooks.register("insert_global_admin_css")
def admin_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("organisations/admin.css"))
