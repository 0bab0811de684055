"""Agencies, units and localities, and how to ask for them as they were on a day."""

from datetime import date
from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.models import ClusterableModel
from wagtail.search import index

from organisations.following import Successions


def in_force(day: date) -> Q:
    """Return the condition on rows with ``valid_from`` and ``valid_to``; both days count."""
    return Q(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


def _past(model: str, day: date) -> models.QuerySet[Any]:
    """Return what was valid on that day of an outer agency: the row that ended first."""
    rows = apps.get_model("organisations", model)._default_manager
    found = rows.filter(in_force(day), organisation=OuterRef("pk"), valid_to__gte=day)
    return found.order_by("valid_to", "pk")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def valid_on(self, day: date) -> Self:
        """Agencies that exist on that day."""
        return self.filter(in_force(day))

    def closed_on(self, day: date) -> Self:
        """Agencies that do not exist on that day, no longer or not yet."""
        return self.filter(Q(valid_to__lt=day) | Q(valid_from__gt=day))

    def on(self, day: date) -> Self:
        """Agencies as they were on that day: those that exist, see ``named_on``."""
        return self.valid_on(day).named_on(day)

    def named_on(self, day: date) -> Self:
        """Annotate ``name_then``, ``short_name_then`` and ``parent_then`` (a number or ``None``).

        Costs no further query. An agency that did not exist on the day has its first or last name.
        """
        names = _past("OrganisationName", day).filter(official=True)
        parents = _past("FormerParent", day)
        return self.annotate(
            name_then=Coalesce(Subquery(names.values("name")[:1]), "name"),
            short_name_then=Coalesce(Subquery(names.values("short_name")[:1]), "short_name"),
            parent_then=Case(
                When(Exists(parents), then=Subquery(parents.values("parent")[:1])),
                default=F("parent_id"),
                output_field=models.BigIntegerField(),
            ),
        )

    def successors_on(self, day: date) -> dict[int, list["Organisation"]]:
        """Return for each of these agencies who carries its work on that day.

        That is the agency itself while it exists, several after a split, and nobody where no
        successor is on record. Costs three queries, however many agencies and steps there are.
        """
        asked = list(self.values_list("pk", "valid_to"))
        links = apps.get_model("organisations", "Succession")._default_manager
        successions = Successions(links.values_list("old", "new", "date", "new__valid_to"))
        found = {pk: successions.of(pk, closed, day) for pk, closed in asked}
        agencies = Organisation.objects.in_bulk({pk for pks in found.values() for pk in pks})
        return {pk: [agencies[new] for new in pks] for pk, pks in found.items()}

    def members_of(self, group: "Organisation", day: date) -> Self:
        """Agencies that a group stands for on that day; costs one query more, for its rules."""
        dated = group.memberships.filter(in_force(day))
        listed = Organisation.group_members.through._default_manager.filter(
            from_organisation=group.pk
        )
        wanted = Q(pk__in=dated.filter(excluded=False).values("member")) | Q(
            pk__in=listed.values("to_organisation")
        )
        for rule in group.rules.all():
            given = {"level": rule.level, "kind": rule.kind, "parent_then": rule.parent_id}
            wanted |= Q(**{name: value for name, value in given.items() if value})
        existing = self.on(day).filter(wanted).exclude(kind=Organisation.Kind.GROUP)
        return existing.exclude(pk__in=dated.filter(excluded=True).values("member"))

    def groups_with(self, members: models.QuerySet["Organisation"]) -> Self:
        """Groups to which any of these agencies belongs or belonged, by rule or by name."""
        memberships = apps.get_model("organisations", "GroupMembership")._default_manager
        rules = apps.get_model("organisations", "GroupRule")._default_manager
        never = memberships.filter(
            group=OuterRef(OuterRef("group")), member=OuterRef("pk"), excluded=True,
            valid_from=None, valid_to=None,
        )  # fmt: skip
        number = models.BigIntegerField()
        above = Coalesce("parent_id", 0, output_field=number)
        taken = members.order_by().annotate(above=above).filter(
            ~Exists(never),
            level=Coalesce(NullIf(OuterRef("level"), Value("")), F("level")),
            kind=Coalesce(NullIf(OuterRef("kind"), Value("")), F("kind")),
            above=Coalesce(OuterRef("parent_id"), F("above"), output_field=number),
        )  # fmt: skip
        named = memberships.filter(excluded=False, member__in=members)
        return self.filter(kind=Organisation.Kind.GROUP).filter(
            Q(pk__in=rules.filter(Exists(taken)).values("group"))
            | Q(pk__in=named.values("group"))
            | Q(pk__in=Organisation.group_members.through._default_manager.filter(
                to_organisation__in=members
            ).values("from_organisation"))
        )  # fmt: skip


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
        help_text=_(
            "For a group: agencies it stands for, each of which must deliver, beside those that "
            "its rules name."
        ),
    )

    # Of administrative units: the number in the national list, 2 digits for a province, 5 for a
    # commune. Old and new units may share one.
    official_code = models.CharField(
        _("official code"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^(\d{2}|\d{5})$", _("Enter 2 or 5 digits."))],
        help_text=_("Of the province or commune, in the national list of administrative units."),
    )

    # Annotations of ``named_on``.
    name_then: str
    short_name_then: str
    parent_then: int | None

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
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["official_code"],
                condition=~Q(official_code="") & Q(valid_to=None),
                name="official_code_once",
            ),
        ]

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
        """Return the agencies a group stands for on that day; itself if it is no group.

        Costs two queries a group; ``organisations.history`` asks for many groups and days at once.
        """
        if self.kind != self.Kind.GROUP:
            return [self]
        return list(Organisation.objects.members_of(self, day))

    def successors(self, day: date) -> list["Organisation"]:
        """Return the agencies that carry on this one's work on that day; itself while it exists."""
        if self.valid_to is None or self.valid_to >= day:
            return [self]
        return Organisation.objects.filter(pk=self.pk).successors_on(day)[self.pk]
