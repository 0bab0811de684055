"""Royalties (nhuận bút): dated rates, one line per author and item, one sheet per month.

Rates are records with a date of effect, never constants. A line keeps the values it was reckoned
with; a change of rates, shares or items leaves it as it is.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, Panel
from wagtail.models import Orderable

from core.errors import RefusedError
from editorial.royalties import reckoning
from portal.models import ArticlePage, Author

PAY_WITHIN = timedelta(days=60)  # from publication (Decree 18/2014/NĐ-CP)
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class DatedQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Any:
        """Return the record in force on that day; ``None`` before the first."""
        return self.filter(effective_from__lte=day).order_by("-effective_from").first()


class UnitValue(models.Model):
    """The base salary from a day on, and the value of one unit of coefficient made from it."""

    effective_from = models.DateField(_("effective from"), unique=True)
    base_salary = models.PositiveIntegerField(_("base salary (đồng)"))
    percent = models.DecimalField(
        _("unit value, percent of it"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(10),
        validators=PERCENT,
    )
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()
    panels: ClassVar[list[Panel]] = [
        FieldPanel("effective_from"),
        FieldRowPanel([FieldPanel("base_salary"), FieldPanel("percent")]),
        FieldPanel("basis"),
    ]

    class Meta:
        verbose_name = _("unit value of coefficient")
        verbose_name_plural = _("unit values of coefficient")
        ordering: ClassVar[list[str]] = ["-effective_from"]

    def __str__(self) -> str:
        return f"{self.value} ({self.effective_from:%d/%m/%Y})"

    @property
    def value(self) -> int:
        """Đồng for one unit of coefficient."""
        return reckoning.unit_value(self.base_salary, self.percent)


class TaxRule(models.Model):
    """Income tax held back from payments to outside authors, from a day on."""

    effective_from = models.DateField(_("effective from"), unique=True)
    threshold = models.PositiveIntegerField(_("from this payment on (đồng)"))
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, validators=PERCENT)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax withheld")
        verbose_name_plural = _("taxes withheld")
        ordering: ClassVar[list[str]] = ["-effective_from"]

    def __str__(self) -> str:
        return f"{self.percent} % ({self.effective_from:%d/%m/%Y})"


class CoefficientCap(models.Model):
    """The highest coefficient the law allows for a genre, from a day on."""

    genre = models.CharField(_("genre"), max_length=12, choices=ArticlePage.Genre)
    effective_from = models.DateField(_("effective from"))
    maximum = models.DecimalField(_("highest coefficient"), max_digits=5, decimal_places=2)
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("highest coefficient")
        verbose_name_plural = _("highest coefficients")
        ordering: ClassVar[list[str]] = ["genre", "-effective_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["genre", "effective_from"], name="cap_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} ≤ {self.maximum}"

    @classmethod
    def of(cls, genre: str, day: date) -> Decimal | None:
        """Return the highest coefficient allowed on that day; ``None`` when no law says."""
        caps = cls.objects.filter(genre=genre, effective_from__lte=day)
        cap = caps.order_by("-effective_from").first()
        return cap.maximum if cap else None


class SchemeQuerySet(models.QuerySet["RoyaltyScheme"]):
    def on(self, day: date) -> "RoyaltyScheme | None":
        """Return the scheme in force on that day, the newest if there are several."""
        ended = Q(effective_to__lt=day)
        return (
            self.filter(effective_from__lte=day)
            .exclude(ended)
            .order_by("-effective_from", "-pk")
            .first()
        )


class RoyaltyScheme(ClusterableModel):
    """The office's own rates within the law, from one day to another."""

    name = models.CharField(_("name"), max_length=200)
    basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(_("effective to"), null=True, blank=True)
    percent = models.DecimalField(
        _("percent of the provincial rate"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(100),
        validators=PERCENT,
        help_text=_("Less than 100 for pages that may pay a part only."),
    )

    objects = SchemeQuerySet.as_manager()
    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        FieldPanel("basis"),
        FieldRowPanel([FieldPanel("effective_from"), FieldPanel("effective_to")]),
        FieldPanel("percent"),
        InlinePanel("rates", label=_("rate")),
    ]

    class Meta:
        verbose_name = _("royalty scheme")
        verbose_name_plural = _("royalty schemes")
        ordering: ClassVar[list[str]] = ["-effective_from", "-pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.effective_to and self.effective_from and self.effective_to < self.effective_from:
            raise ValidationError({"effective_to": _("The last day is before the first.")})


class Condition(models.TextChoices):
    """What, besides the genre, decides the rate."""

    PLAIN = "plain", pgettext_lazy("royalty", "without a picture")
    PICTURE = "picture", pgettext_lazy("royalty", "with a picture")
    LONG = "long", pgettext_lazy("royalty", "survey or report of an event")
    MOUNTAIN = "mountain", pgettext_lazy("royalty", "made in the mountains")
    REPOSTED = "reposted", pgettext_lazy("royalty", "taken over from elsewhere")


class RoyaltyRate(Orderable):
    """What a scheme pays for a genre under a condition."""

    scheme = ParentalKey(RoyaltyScheme, on_delete=models.CASCADE, related_name="rates")
    genre = models.CharField(_("genre"), max_length=12, choices=ArticlePage.Genre)
    condition = models.CharField(
        _("condition"), max_length=10, choices=Condition, default=Condition.PLAIN
    )
    minimum = models.DecimalField(_("lowest"), max_digits=5, decimal_places=2)
    maximum = models.DecimalField(_("highest"), max_digits=5, decimal_places=2)
    usual = models.DecimalField(_("proposed"), max_digits=5, decimal_places=2)

    panels: ClassVar[list[Panel]] = [
        FieldRowPanel([FieldPanel("genre"), FieldPanel("condition")]),
        FieldRowPanel([FieldPanel("minimum"), FieldPanel("maximum"), FieldPanel("usual")]),
    ]

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_order", "pk"]
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scheme", "genre", "condition"], name="rate_once"),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("usual"), usual__lte=F("maximum")),
                name="rate_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, {self.get_condition_display()}: {self.usual}"

    def clean(self) -> None:
        values = (self.minimum, self.usual, self.maximum)
        if None not in values and not self.minimum <= self.usual <= self.maximum:
            raise ValidationError(
                {"usual": _("The proposed coefficient lies between the lowest and the highest.")}
            )
        scheme = self.scheme if self.scheme_id or hasattr(self, "scheme") else None
        day = getattr(scheme, "effective_from", None)
        cap = CoefficientCap.of(self.genre, day) if day else None
        if cap is not None and self.maximum is not None and self.maximum > cap:
            message = _("The law allows %(cap)s at most for this genre.") % {"cap": cap}
            raise ValidationError({"maximum": message})


class Quota(models.Model):
    """What a salaried author owes each month, in units of coefficient; only more is paid."""

    author = models.ForeignKey(
        Author, verbose_name=_("author"), on_delete=models.PROTECT, related_name="quotas"
    )
    effective_from = models.DateField(_("effective from"))
    monthly = models.DecimalField(_("coefficients a month"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering: ClassVar[list[str]] = ["author", "-effective_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["author", "effective_from"], name="quota_once")
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.monthly}"


class SheetState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("sheet", "in preparation")
    SUBMITTED = "submitted", pgettext_lazy("sheet", "waits for approval")
    APPROVED = "approved", pgettext_lazy("sheet", "approved")
    PAID = "paid", pgettext_lazy("sheet", "paid")

    @classmethod
    def closed(cls) -> list["SheetState"]:
        """Nothing of such a sheet changes any more."""
        return [cls.APPROVED, cls.PAID]


class RoyaltySheet(models.Model):
    """The royalties of one month (bảng kê chi trả)."""

    month = models.DateField(_("month"), unique=True, help_text="Its first day.")
    state = models.CharField(
        _("state"), max_length=10, choices=SheetState, default=SheetState.DRAFT, editable=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), on_delete=models.PROTECT,
        null=True, related_name="+", editable=False,
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    paid_on = models.DateField(_("paid on"), null=True, editable=False)

    class Meta:
        verbose_name = _("royalty sheet")
        verbose_name_plural = _("royalty sheets")
        ordering: ClassVar[list[str]] = ["-month"]
        permissions = [  # noqa: RUF012 - the type is the base class's
            ("mark_royalties", "Can mark royalties"),
            ("approve_royalties", "Can approve royalties"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"

    @property
    def is_closed(self) -> bool:
        return self.state in SheetState.closed()

    @property
    def pay_by(self) -> date | None:
        """The day by which its oldest item must be paid; ``None`` when it is paid or empty."""
        if self.state == SheetState.PAID:
            return None
        oldest = self.lines.order_by("published_on").values_list("published_on", flat=True).first()
        return oldest + PAY_WITHIN if oldest else None

    @property
    def is_overdue(self) -> bool:
        return self.pay_by is not None and self.pay_by < timezone.localdate()


class LineQuerySet(models.QuerySet["RoyaltyLine"]):
    def of_author(self, author: Author) -> Self:
        return self.filter(author=author)

    def open(self) -> Self:
        return self.exclude(sheet__state__in=SheetState.closed())


class RoyaltyLine(models.Model):
    """What one person gets for one item, with every value it was reckoned from."""

    class Role(models.TextChoices):
        AUTHOR = "author", pgettext_lazy("royalty", "author")
        PHOTO = "photo", pgettext_lazy("royalty", "photographer")
        EDITOR = "editor", pgettext_lazy("royalty", "editor (remuneration)")
        TECHNICIAN = "technician", pgettext_lazy("royalty", "technician (remuneration)")
        REVERSAL = "reversal", pgettext_lazy("royalty", "correction")

    sheet = models.ForeignKey(
        RoyaltySheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="lines"
    )
    article = models.ForeignKey(
        ArticlePage, on_delete=models.SET_NULL, null=True, related_name="royalties"
    )
    # Kept here too: a line outlives the item.
    story = models.UUIDField(null=True, editable=False)
    title = models.CharField(_("work"), max_length=255)
    genre = models.CharField(_("genre"), max_length=12, choices=ArticlePage.Genre)
    condition = models.CharField(
        _("condition"), max_length=10, choices=Condition, default=Condition.PLAIN
    )
    published_on = models.DateField(_("published on"))
    # Quotas are worked off by it; a line that is no author's share has none.
    published_at = models.DateTimeField(null=True, editable=False)
    author = models.ForeignKey(
        Author, verbose_name=_("author"), on_delete=models.PROTECT, related_name="royalties"
    )
    role = models.CharField(_("part"), max_length=10, choices=Role, default=Role.AUTHOR)
    coefficient = models.DecimalField(_("coefficient"), max_digits=6, decimal_places=2)
    unit_value = models.PositiveIntegerField(_("unit value (đồng)"))
    scheme_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(100))
    share = models.PositiveSmallIntegerField(_("share (%)"), default=100)
    bonus = models.PositiveSmallIntegerField(
        _("bonus (%)"), default=0, validators=[MaxValueValidator(reckoning.MOST_BONUS)]
    )
    bonus_reason = models.CharField(_("reason of the bonus"), max_length=200, blank=True)
    full_amount = models.IntegerField(_("before the quota (đồng)"))
    amount = models.IntegerField(_("amount (đồng)"))
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by", editable=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("royalty")
        verbose_name_plural = _("royalties")
        ordering: ClassVar[list[str]] = ["author", "published_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["story", "author", "role"],
                condition=~Q(role="reversal"),
                name="royalty_once",
            ),
            models.UniqueConstraint(fields=["reverses"], name="reversed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_if_closed()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_closed()
        return super().delete(*args, **kwargs)

    def _refuse_if_closed(self) -> None:
        """Raise ``RefusedError`` on an approved sheet: it is corrected by another line."""
        state = RoyaltySheet.objects.values_list("state", flat=True).get(pk=self.sheet_id)
        if state in SheetState.closed():
            raise RefusedError(
                _("The sheet of %(month)s is approved: correct it by another line.")
                % {"month": self.sheet}
            )


class RoyaltyPayment(models.Model):
    """What one author is paid with an approved sheet, the tax as it was then."""

    sheet = models.ForeignKey(RoyaltySheet, on_delete=models.PROTECT, related_name="payments")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="payments")
    gross = models.IntegerField(_("amount (đồng)"))
    tax = models.PositiveIntegerField(_("income tax (đồng)"), default=0)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering: ClassVar[list[str]] = ["author", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sheet", "author"], name="payment_once")
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.sheet}"

    @property
    def net(self) -> int:
        return self.gross - self.tax
