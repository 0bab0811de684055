"""The records royalties are reckoned from, in the admin, and their place in the menu."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from editorial.models.royalties import (
    CoefficientCap,
    Quota,
    RoyaltyScheme,
    TaxRule,
    UnitValue,
)


def day(name: str, label: Any) -> DateColumn:
    return Column(name, label=label, accessor=lambda record: f"{getattr(record, name):%d/%m/%Y}")


class SchemeViewSet(ModelViewSet):
    model = RoyaltyScheme
    icon = "list-ul"
    menu_label = _("Schemes")
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "name", day("effective_from", _("effective from")), "percent",
    ]  # fmt: skip


class UnitValueViewSet(ModelViewSet):
    model = UnitValue
    icon = "order"
    menu_label = _("Unit values")
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        day("effective_from", _("effective from")),
        Column("base_salary", label=_("base salary (đồng)")),
        Column("value", label=_("unit value (đồng)")),
        "basis",
    ]


class CapViewSet(ModelViewSet):
    model = CoefficientCap
    icon = "lock"
    menu_label = _("Highest coefficients")
    copy_view_enabled = False
    form_fields: ClassVar[list[str]] = ["genre", "effective_from", "maximum", "basis"]
    list_display: ClassVar[list[Any]] = [
        Column("genre", label=_("genre"), accessor="get_genre_display"),
        "maximum",
        day("effective_from", _("effective from")),
    ]


class TaxViewSet(ModelViewSet):
    model = TaxRule
    icon = "minus"
    menu_label = _("Income tax")
    copy_view_enabled = False
    form_fields: ClassVar[list[str]] = ["effective_from", "threshold", "percent", "note"]
    list_display: ClassVar[list[Any]] = [
        day("effective_from", _("effective from")), "threshold", "percent",
    ]  # fmt: skip


class QuotaViewSet(ModelViewSet):
    model = Quota
    icon = "user"
    menu_label = _("Quotas")
    copy_view_enabled = False
    form_fields: ClassVar[list[str]] = ["author", "effective_from", "monthly"]
    list_display: ClassVar[list[Any]] = [
        "author", "monthly", day("effective_from", _("effective from")),
    ]  # fmt: skip


class WithPermission(MenuItem):
    """Stands in the menu of those who hold the permission."""

    def __init__(self, *args: Any, permission: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


class OfAuthors(MenuItem):
    """Stands in the menu of those who are authors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return hasattr(request.user, "author")


class RoyaltyGroup(ModelViewSetGroup):
    """Sheets first, then what they are reckoned from."""

    menu_label = _("Royalties")
    menu_icon = "tag"
    menu_order = 260
    items = (SchemeViewSet, UnitValueViewSet, CapViewSet, TaxViewSet, QuotaViewSet)

    def get_submenu_items(self) -> list[MenuItem]:
        sheets = WithPermission(
            _("Sheets by month"),
            reverse_lazy("editorial_royalties"),
            name="royalty-sheets",
            icon_name="calendar",
            order=-2,
            permission="editorial.view_royaltysheet",
        )
        own = OfAuthors(
            _("My royalties"),
            reverse_lazy("editorial_royalties_mine"),
            name="my-royalties",
            icon_name="user",
            order=-1,
        )
        return [sheets, own, *super().get_submenu_items()]
