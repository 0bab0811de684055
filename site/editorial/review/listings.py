"""The lists of articles and announcements with the state of each item, and a filter by it."""

from typing import Any, ClassVar

import django_filters
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet

from editorial.desk.template_views import OffersTemplates
from editorial.review.states import State, with_state
from portal.models import AnnouncementPage, ArticlePage
from portal.viewsets import AnnouncementListing, ArticleListing


class StateFilterSet(PageFilterSet):
    """Wagtail's filters, and our states in place of "live" and "in moderation"."""

    review_state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=State.choices, widget=CheckboxSelectMultiple
    )


class ArticleFilterSet(StateFilterSet):
    class Meta(PageFilterSet.Meta):
        model = ArticlePage
        fields: ClassVar[list[str]] = ["section", "genre", "level"]


class AnnouncementFilterSet(StateFilterSet):
    class Meta(PageFilterSet.Meta):
        model = AnnouncementPage
        fields: ClassVar[list[str]] = ["level"]


class StateIndexView(OffersTemplates, IndexView):
    """Wagtail's list; its status column then finds our state with every row."""

    def get_base_queryset(self) -> Any:
        return with_state(super().get_base_queryset())


class ReviewedArticles(ArticleListing):
    index_view_class = StateIndexView
    list_filter: Any = ()
    filterset_class = ArticleFilterSet


class ReviewedAnnouncements(AnnouncementListing):
    index_view_class = StateIndexView
    list_filter: Any = ()
    filterset_class = AnnouncementFilterSet
