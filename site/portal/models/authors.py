"""Those who write, whether or not they have an account, and their parts in an article."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import Orderable
from wagtail.search import index

from organisations.models import User

WHOLE = 100  # percent


class Author(index.Indexed, models.Model):
    """A writer. Statistics and royalties count by authors, whatever the byline of an item says."""

    name = models.CharField(_("full name"), max_length=150)
    pen_name = models.CharField(_("pen name"), max_length=100, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        help_text=_("Empty for contributors who do not log in."),
    )
    organisation = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="authors",
    )
    is_external = models.BooleanField(
        _("outside contributor"),
        default=False,
        help_text=_("Not on the payroll of the agency: tax is withheld from royalties."),
    )
    is_active = models.BooleanField(_("offered for new items"), default=True)

    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("pen_name"),
        index.AutocompleteField("pen_name"),
        index.FilterField("is_active"),
    ]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.pen_name})" if self.pen_name else self.name

    @property
    def byline(self) -> str:
        """The name as it stands under an item."""
        return self.pen_name or self.name


class Authorship(Orderable):
    """One author's part in an article."""

    page = ParentalKey("portal.ArticlePage", on_delete=models.CASCADE, related_name="authorships")
    author = models.ForeignKey(
        Author, verbose_name=_("author"), on_delete=models.PROTECT, related_name="authorships"
    )
    share = models.PositiveSmallIntegerField(
        _("share (%)"),
        default=WHOLE,
        validators=[MinValueValidator(1), MaxValueValidator(WHOLE)],
        help_text=_("Of the royalty; the shares of all authors add up to 100."),
    )

    panels: ClassVar[list[Panel]] = [FieldPanel("author"), FieldPanel("share")]

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_order", "pk"]
        verbose_name = _("part of an author")
        verbose_name_plural = _("parts of authors")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["page", "author"], name="author_once"),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.share} %"


def author_of(user: User) -> Author:
    """Return the author that an account writes as, made at the first time."""
    defaults = {"name": user.get_full_name() or user.username, "pen_name": user.pen_name}
    author, _made = Author.objects.get_or_create(user=user, defaults=defaults)
    return author
