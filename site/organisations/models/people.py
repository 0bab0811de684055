"""The people who work in agencies, and those whom one may call there."""

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.search import index

from organisations.models.agencies import Organisation


class ContactQuerySet(models.QuerySet["Contact"]):
    def usable(self) -> Self:
        """Those whom one may call today."""
        return self.filter(is_active=True)


class Contact(index.Indexed, models.Model):
    """Somebody, or a desk, to call or write to: at a station, a newspaper, an agency."""

    class Purpose(models.TextChoices):
        OFFICE = "office", pgettext_lazy("contact", "agency, for questions about an item")
        PRESS = "press", pgettext_lazy("contact", "desk of a newspaper")
        BROADCAST = "broadcast", pgettext_lazy("contact", "desk of a radio or television station")
        LOUDSPEAKER = "loudspeaker", pgettext_lazy("contact", "loudspeaker station of a commune")
        HEAD = (
            "head",
            pgettext_lazy("contact", "responsible person of the agency, for what is overdue"),
        )

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="contacts",
    )
    name = models.CharField(_("person or desk"), max_length=150)
    position = models.CharField(_("position"), max_length=150, blank=True)
    purpose = models.CharField(
        pgettext_lazy("contact", "for"), max_length=12, choices=Purpose, default=Purpose.OFFICE
    )
    phone = models.CharField(
        _("telephone"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[+(]?\d[\d .()/-]{6,}$", _("Enter a telephone number."))],
    )
    email = models.EmailField(_("e-mail"), blank=True)
    telegram = models.CharField(
        _("own Telegram chat"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[1-9]\d{3,18}$", _("Enter the chat's number, digits only."))],
        help_text=_(
            "For urgent announcements: the number of their chat with our bot, which they have to "
            "start once."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ContactQuerySet.as_manager()
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("position"),
        index.AutocompleteField("position"),
        index.AutocompleteField("phone"),
        index.AutocompleteField("email"),
        index.RelatedFields(
            "organisation", [index.SearchField("name"), index.AutocompleteField("name")]
        ),
        index.FilterField("purpose"),
        index.FilterField("is_active"),
        index.FilterField("organisation_id"),
    ]

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering: ClassVar[list[str]] = ["organisation__name", "name", "pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    def clean(self) -> None:
        if not self.phone and not self.email:
            raise ValidationError({"phone": _("Enter a telephone number or an e-mail address.")})

    @property
    def line(self) -> str:
        """Everything needed to call or write, on one line."""
        who = ", ".join(part for part in (self.name, self.position, str(self.organisation)) if part)
        ways = ", ".join(part for part in (self.phone, self.email) if part)
        return f"{who}: {ways}"


class User(AbstractUser):
    """A person who logs in. Roles are groups; agencies are memberships."""

    organisations = models.ManyToManyField(
        Organisation, verbose_name=_("organisations"), blank=True, related_name="members"
    )
    pen_name = models.CharField(
        _("pen name"), max_length=100, blank=True, help_text=_("Shown as the byline of new items.")
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Return the name in Vietnamese order: family, middle, given."""
        return f"{self.last_name} {self.first_name}".strip()

    @property
    def byline(self) -> str:
        return self.pen_name or self.get_full_name()
