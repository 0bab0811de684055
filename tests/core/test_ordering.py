"""The order of rows in lists."""

import pytest
from django.test import RequestFactory
from wagtail.admin.views.generic.base import BaseListingView

from channels.admin.archive import ArchiveView
from channels.admin.report import DeliveriesView
from ingest.admin.pickups import PickUpsView

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("view", [ArchiveView, DeliveriesView, PickUpsView])
def test_what_is_equal_comes_by_number(view: type[BaseListingView]) -> None:
    listing = view()
    listing.setup(RequestFactory().get("/"))
    order = listing.order_queryset(listing.model.objects.all()).query.order_by
    assert order == (view.default_ordering, "pk")
