"""What the portal says about itself on every page."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="site")
class PortalSettings(BaseGenericSetting):
    """Names, slogan and contact. One row; every text may stay empty."""

    province = models.CharField(
        _("name of the province or city"),
        max_length=120,
        blank=True,
        help_text=_("For example: Lâm Đồng Province"),
    )
    agency = models.CharField(
        _("agency in charge"),
        max_length=200,
        blank=True,
        help_text=_("The agency the portal speaks for."),
    )
    slogan = models.CharField(
        _("slogan"),
        max_length=200,
        blank=True,
        help_text=_("One line under the name. It stands still."),
    )
    address = models.CharField(_("postal address"), max_length=255, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    responsible = models.CharField(
        _("person responsible for the content"), max_length=160, blank=True
    )
    licence = models.CharField(
        _("licence"), max_length=200, blank=True, help_text=_("Number, date and issuer.")
    )

    panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [
                FieldPanel("province"),
                FieldPanel(
                    "agency",
                    heading=_("Name of the portal, or of the agency in charge"),
                    help_text=_("The line in large letters; page titles end with it."),
                ),
                FieldPanel("slogan"),
            ],
            heading=_("Page header"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("phone"),
                FieldPanel("email"),
                FieldPanel("responsible"),
                FieldPanel("licence"),
            ],
            heading=_("Page footer"),
        ),
    ]

    class Meta:
        verbose_name = _("portal names and contact")

    def __str__(self) -> str:
        return self.agency or self.province
