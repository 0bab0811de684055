"""Authors in the admin: the list with what each wrote in a period, and one author's items."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from core.ordering import OneOrder
from editorial.desk.entries import start_of
from editorial.review.states import with_state
from portal.models import ArticlePage
from portal.models.authors import Author

Genre = ArticlePage.Genre
PER_PAGE = 200
Links = Callable[[HttpRequest, Author], Iterable[tuple[str, str]]]
_LINKS: list[Links] = []


def register_links(links: Links) -> Links:
    """Let an author's page offer more: the function returns (address, label) for this person."""
    if links not in _LINKS:
        _LINKS.append(links)
    return links


def published_in(first: date | None, last: date | None, prefix: str = "") -> Q:
    """Return the condition for public articles first published from ``first`` to ``last``."""
    found = Q(**{f"{prefix}live": True})
    if first:
        found &= Q(**{f"{prefix}first_published_at__gte": start_of(first)})
    if last:
        after = start_of(date.fromordinal(last.toordinal() + 1))
        found &= Q(**{f"{prefix}first_published_at__lt": after})
    return found


def day_or_none(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


class AuthorFilterSet(WagtailFilterSet):
    """By agency and standing; the period says which items are counted."""

    period = django_filters.DateFromToRangeFilter(
        label=_("Items published"), method="leave", widget=DateRangePickerWidget
    )

    class Meta:
        model = Author
        fields: ClassVar[list[str]] = ["organisation", "is_external", "is_active"]

    def leave(self, queryset: QuerySet[Author], name: str, value: Any) -> QuerySet[Author]:
        return queryset  # it counts, and hides nobody

    def filter_queryset(self, queryset: QuerySet[Author]) -> QuerySet[Author]:
        chosen = self.form.cleaned_data.get("period")
        first, last = (chosen.start, chosen.stop) if chosen else (None, None)
        counted = published_in(day_or_none(first), day_or_none(last), "authorships__page__")
        genres = {
            f"in_{genre}": Count(
                "authorships", filter=counted & Q(authorships__page__genre=genre), distinct=True
            )
            for genre in Genre.values
        }
        found: QuerySet[Author] = super().filter_queryset(queryset)
        return found.annotate(number=Count("authorships", filter=counted, distinct=True), **genres)


def by_genre(author: Any) -> str:
    """Return how many items of each genre, those that there are: "3 news, 1 feature"."""
    counts = ((genre.label, getattr(author, f"in_{genre.value}", 0)) for genre in Genre)
    return ", ".join(f"{label}: {count}" for label, count in counts if count)


def standing(author: Author) -> Any:
    return _("outside contributor") if author.is_external else _("staff")


class AuthorIndex(OneOrder, generic.IndexView):
    """The list; a click on the name leads to the author's items."""

    filterset_class = AuthorFilterSet
    default_ordering = "name"

    def get_base_queryset(self) -> QuerySet[Author]:
        return Author.objects.select_related("organisation", "user")

    def get_edit_url(self, instance: Author) -> Any:
        return self.get_inspect_url(instance) or super().get_edit_url(instance)


class AuthorItems(generic.InspectView):
    """One author: what they wrote, where each item stands, and their part in it."""

    template_name = "editorial/desk/author.html"

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        author: Author = self.object
        shares = dict(author.authorships.values_list("page", "share"))
        pages = with_state(ArticlePage.objects.filter(pk__in=shares).defer_streamfields())
        rows = list(pages.order_by("-listed_at", "-pk")[:PER_PAGE])
        genres = Counter(page.get_genre_display() for page in rows if page.live)
        return context | {
            "author": author,
            "rows": [(page, page.status_string, shares[page.pk]) for page in rows],
            "genres": sorted(genres.items()),
            "more": max(len(shares) - len(rows), 0),
            "links": [link for links in _LINKS for link in links(self.request, author)],
        }


class AuthorViewSet(ModelViewSet):
    """Authors, whether or not they have an account."""

    name = "editorial_authors"
    url_prefix = "authors"
    model = Author
    icon = "group"
    menu_label = _("Authors")
    menu_order = 150
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = AuthorIndex
    inspect_view_class = AuthorItems
    form_fields: ClassVar[list[str]] = [
        "name", "pen_name", "user", "organisation", "is_external", "is_active",
    ]  # fmt: skip
    list_display: ClassVar[list[Any]] = [
        "name",
        "pen_name",
        Column("organisation", label=_("Organisation"), sort_key="organisation__name"),
        NumberColumn("number", label=_("Items"), accessor="number", sort_key="number"),
        Column("genres", label=_("By genre"), accessor=by_genre, classname="nc-wide"),
        Column("standing", label=_("Standing"), accessor=standing),
    ]
    list_export: ClassVar[list[str]] = [
        "name", "pen_name", "organisation", "is_external", "number",
        *(f"in_{genre}" for genre in Genre.values),
    ]  # fmt: skip
    export_headings: ClassVar[dict[str, Any]] = {
        "number": _("Items"),
        **{f"in_{genre.value}": genre.label for genre in Genre},
    }
    export_filename = "tac-gia"
