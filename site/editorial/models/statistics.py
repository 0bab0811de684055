"""The right to read statistics."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Statistics(models.Model):
    """Stands for the statistics, which are counted and not stored: the right to read them."""

    class Meta:
        managed = False
        default_permissions = ("view",)
        verbose_name = _("statistics")
        verbose_name_plural = _("statistics")

    def __str__(self) -> str:
        return "statistics"
