"""A campaign of review (sơ kết, tổng kết): stages, agencies' own reviews, nominations, products."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.events.models.event import Event
from organisations.models import Organisation


class ReviewCampaign(models.Model):
    """What is reviewed, over which years, by which decision, and by whom."""

    class Kind(models.TextChoices):
        MID_TERM = "mid-term", _("mid-term review")
        FINAL = "final", _("final review")

    plan = models.ForeignKey(
        "campaigns.Plan", on_delete=models.PROTECT, related_name="reviews", verbose_name=_("plan")
    )
    kind = models.CharField(
        pgettext_lazy("review", "kind"), max_length=10, choices=Kind, default=Kind.FINAL
    )
    title = models.CharField(
        _("title"), max_length=300, help_text=_("What is reviewed: Tổng kết 10 năm …")
    )
    number = models.CharField(_("number of the plan or decision"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed document"),
    )
    period_start = models.DateField(_("first day under review"))
    period_end = models.DateField(_("last day under review"))
    lead = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="led_reviews",
        verbose_name=_("lead agency"),
    )
    is_illustrative = models.BooleanField(
        _("illustrative"), default=False, help_text=_("The campaign is an example.")
    )

    class Meta:
        verbose_name = _("campaign of review")
        verbose_name_plural = _("campaigns of review")
        ordering: ClassVar[list[str]] = ["-period_end", "title", "pk"]
        permissions = [  # noqa: RUF012 - typed by the stubs
            ("answer_review", "Can submit the own agency's review and nominations")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(period_start__lte=F("period_end")),
                name="review_period_begins_before_it_ends",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReviewStage(models.Model):
    """One stage: what, until when, by whom. What kind of stage says how it is known to be done."""

    class Kind(models.TextChoices):
        AGENCIES = "agencies", pgettext_lazy("review stage", "reviews of the agencies")
        PROVINCE = "province", pgettext_lazy("review stage", "review of the province")
        CONFERENCE = "conference", pgettext_lazy("review stage", "conference")
        OTHER = "other", pgettext_lazy("review stage", "other stage")

    campaign = models.ForeignKey(
        ReviewCampaign,
        on_delete=models.CASCADE,
        related_name="stages",
        verbose_name=_("campaign of review"),
    )
    kind = models.CharField(
        pgettext_lazy("review stage", "kind"), max_length=12, choices=Kind, default=Kind.OTHER
    )
    name = models.CharField(_("content"), max_length=300)
    due_on = models.DateField(_("last day"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible agency"),
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="review_stages",
        verbose_name=pgettext_lazy("plan", "event"),
        help_text=_("For a conference: it is done when the event was held."),
    )
    done_at = models.DateTimeField(
        pgettext_lazy("review stage", "done at"), null=True, editable=False
    )

    class Meta:
        verbose_name = _("stage of a review")
        verbose_name_plural = _("stages of reviews")
        ordering: ClassVar[list[str]] = ["campaign", "due_on", "pk"]

    def __str__(self) -> str:
        return self.name


class AgencyReviewQuerySet(models.QuerySet["AgencyReview"]):
    def in_order(self) -> Self:
        return self.order_by("organisation__level", "organisation__name", "pk")

    def submitted(self) -> Self:
        """Those that were handed in and not sent back."""
        return self.filter(state__in=["submitted", "accepted"])


class AgencyReview(models.Model):
    """One agency's own review: asked for → submitted → accepted, or returned with a reason."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("agency's review", "not submitted yet")
        SUBMITTED = "submitted", pgettext_lazy("agency's review", "submitted")
        RETURNED = "returned", pgettext_lazy("agency's review", "returned")
        ACCEPTED = "accepted", pgettext_lazy("agency's review", "accepted")

    campaign = models.ForeignKey(
        ReviewCampaign,
        on_delete=models.CASCADE,
        related_name="reviews",
        verbose_name=_("campaign of review"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="own_reviews", verbose_name=_("agency")
    )
    state = models.CharField(
        pgettext_lazy("agency's review", "state"), max_length=10, choices=State, default=State.ASKED
    )
    number = models.CharField(_("number and symbol"), max_length=60, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    # The first time: sending back for a correction makes nobody late.
    first_submitted_at = models.DateTimeField(_("first submitted at"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    returned_reason = models.TextField(_("reason of the return"), blank=True, editable=False)

    objects = AgencyReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of an agency")
        verbose_name_plural = _("reviews of agencies")
        ordering: ClassVar[list[str]] = ["campaign", "organisation", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"], name="agency_reviews_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.campaign}"

    @property
    def is_open(self) -> bool:
        """Whether the agency may still change it."""
        return self.state in {self.State.ASKED, self.State.RETURNED}

    @property
    def submitted_on(self) -> date | None:
        """The local day on which it first came."""
        moment = self.first_submitted_at
        return timezone.localtime(moment).date() if moment else None


class Nomination(models.Model):
    """A proposal to commend a group or a person: considered, then approved, or refused."""

    class Kind(models.TextChoices):
        COLLECTIVE = "collective", pgettext_lazy("commendation", "collective")
        PERSON = "person", pgettext_lazy("commendation", "individual")

    class Award(models.TextChoices):
        """Forms of commendation of a province and its agencies; another is written beside."""

        CERTIFICATE = "certificate", pgettext_lazy("commendation", "certificate of merit")
        LETTER = "letter", pgettext_lazy("commendation", "letter of commendation")
        GOVERNMENT = "government", pgettext_lazy("commendation", "Prime Minister's certificate")
        OTHER = "other", pgettext_lazy("commendation", "another form")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("commendation", "proposed")
        CONSIDERED = "considered", pgettext_lazy("commendation", "under consideration")
        APPROVED = "approved", pgettext_lazy("commendation", "approved")
        REFUSED = "refused", pgettext_lazy("commendation", "refused")

    campaign = models.ForeignKey(
        ReviewCampaign,
        on_delete=models.CASCADE,
        related_name="nominations",
        verbose_name=_("campaign of review"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="nominations",
        verbose_name=_("proposed by"),
    )
    kind = models.CharField(pgettext_lazy("commendation", "kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name of the collective or person"), max_length=200)
    title = models.CharField(_("position and workplace"), max_length=300, blank=True)
    achievement = models.TextField(_("summary of achievements"))
    award = models.CharField(_("form of commendation"), max_length=12, choices=Award)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    state = models.CharField(
        pgettext_lazy("commendation", "state"),
        max_length=10,
        choices=State,
        default=State.PROPOSED,
        editable=False,
    )
    reason = models.TextField(_("reason of the refusal"), blank=True, editable=False)
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("nomination for commendation")
        verbose_name_plural = _("nominations for commendation")
        ordering: ClassVar[list[str]] = ["campaign", "kind", "organisation", "name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="refusal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether the proposing agency may still change it."""
        return self.state == self.State.PROPOSED


class ReviewProduct(models.Model):
    """What comes of the review: the draft report, the programme of the next years."""

    class Kind(models.TextChoices):
        REPORT = "report", pgettext_lazy("review product", "draft report")
        PROGRAMME = "programme", pgettext_lazy("review product", "programme of the next period")
        OTHER = "other", pgettext_lazy("review product", "another document")

    class State(models.TextChoices):
        ASSIGNED = "assigned", pgettext_lazy("review product", "assigned")
        DRAFTED = "drafted", pgettext_lazy("review product", "draft submitted")
        CONSULTED = "consulted", pgettext_lazy("review product", "out for comments")
        ISSUED = "issued", pgettext_lazy("review product", "issued")

    campaign = models.ForeignKey(
        ReviewCampaign,
        on_delete=models.CASCADE,
        related_name="products",
        verbose_name=_("campaign of review"),
    )
    kind = models.CharField(pgettext_lazy("review product", "kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("lead agency")
    )
    due_on = models.DateField(_("last day"))
    state = models.CharField(
        pgettext_lazy("review product", "state"),
        max_length=10,
        choices=State,
        default=State.ASSIGNED,
    )
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )

    class Meta:
        verbose_name = _("product of a review")
        verbose_name_plural = _("products of reviews")
        ordering: ClassVar[list[str]] = ["campaign", "due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        """Whether nothing was handed in by the last day."""
        return self.state == self.State.ASSIGNED and self.due_on < timezone.localdate()
