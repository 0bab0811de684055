"""Agencies in time, and the people who work in them."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.search import index


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def valid_on(self, day: date) -> Self:
        """Agencies that exist on that day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def closed_on(self, day: date) -> Self:
        """Agencies that do not exist on that day, no longer or not yet."""
        return self.filter(Q(valid_to__lt=day) | Q(valid_from__gt=day))


class Organisation(index.Indexed, ClusterableModel):
    """An agency, unit or locality, from its first day to its last."""

    class Level(models.TextChoices):
        CENTRAL = "central", _("central")
        PROVINCE = "province", _("province")
        DISTRICT = "district", _("district (until 30/6/2025)")
        COMMUNE = "commune", _("commune")

    class Kind(models.TextChoices):
        PEOPLES_COMMITTEE = "committee", _("People's Committee")
        DEPARTMENT = "department", _("department or equivalent")
        PRESS = "press", _("press agency or station")
        SERVICE = "service", _("public service unit")
        PARTY = "party", _("Party body")
        UNION = "union", _("Fatherland Front or mass organisation")
        ASSOCIATION = "association", _("association or enterprise")
        GROUP = "group", _("group of agencies, as plans name it")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    level = models.CharField(
        pgettext_lazy("organisation", "level"), max_length=10, choices=Level, default=Level.PROVINCE
    )
    kind = models.CharField(
        pgettext_lazy("organisation", "kind"), max_length=12, choices=Kind, default=Kind.DEPARTMENT
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("superior body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    group_members = models.ManyToManyField(
        "self",
        verbose_name=_("members of the group"),
        symmetrical=False,
        blank=True,
        related_name="groups",
        help_text=_("For a group: the agencies it stands for, each of which must deliver."),
    )

    objects = OrganisationQuerySet.as_manager()
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("short_name"),
        index.AutocompleteField("short_name"),
        index.RelatedFields(
            "other_names", [index.SearchField("name"), index.AutocompleteField("name")]
        ),
        index.FilterField("level"),
        index.FilterField("kind"),
        index.FilterField("valid_from"),
        index.FilterField("valid_to"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day is before the first.")})
        if self.pk and self.parent_id == self.pk:
            raise ValidationError({"parent": _("An organisation cannot be its own superior.")})

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the agency exists on that day, first and last day included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )

    @property
    def exists_today(self) -> bool:
        """Whether the agency exists on the local date of today."""
        return self.is_valid_on(timezone.localdate())

    def members_on(self, day: date) -> list["Organisation"]:
        """Return the agencies a group stands for on that day; itself if it is no group."""
        if self.kind != self.Kind.GROUP:
            return [self]
        return [member for member in self.group_members.all() if member.is_valid_on(day)]

    def successors(self, day: date) -> list["Organisation"]:
        """Return the agencies that carry on this one's work on that day; itself while it exists."""
        if self.valid_to is None or self.valid_to >= day:
            return [self]
        found: dict[int, Organisation] = {}
        seen = {self.pk}
        waiting = [self]
        while waiting:
            old = waiting.pop()
            for link in old.succeeded_by.filter(date__lte=day).select_related("new"):
                if link.new.pk in seen:
                    continue
                seen.add(link.new.pk)
                if link.new.valid_to is None or link.new.valid_to >= day:
                    found[link.new.pk] = link.new
                else:
                    waiting.append(link.new)
        return list(found.values())


class OrganisationName(models.Model):
    """A former name, or another way documents write the name; plans are matched against these."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=200)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other and former names")
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="other_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day is before the first.")})


class Succession(models.Model):
    """One agency carried on by another from a date. A merger is several rows with one ``new``."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("merged into")
        SPLIT = "split", _("split into")
        RENAME = "rename", _("renamed")
        DISSOLVE = "dissolve", _("dissolved, work taken over by")

    old = ParentalKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="succeeded_by",
        verbose_name=_("predecessor"),
    )
    new = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="succeeds",
        verbose_name=_("successor"),
    )
    date = models.DateField(_("date"))
    kind = models.CharField(pgettext_lazy("succession", "kind"), max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.CheckConstraint(condition=~Q(old=models.F("new")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


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
