"""Links between pages keep up with the pages they lead to."""

import pytest

from portal.links import LightPageLinkHandler
from tests import factories

pytestmark = pytest.mark.django_db


def test_all_targets_are_found_in_one_query(django_assert_num_queries):
    pages = [factories.article(live=True, title=f"Đích {n}") for n in range(3)]
    pages.append(factories.announcement(live=True, title="Báo"))
    pages[0].url  # noqa: B018 - fills the cache of site addresses
    asked = [{"id": str(page.pk)} for page in [*pages, pages[0]]]
    with django_assert_num_queries(1):
        links = LightPageLinkHandler.expand_db_attributes_many(asked)
    assert links[0] == links[4] == '<a href="/tin-tuc/dich-0/">'
    assert links[3] == '<a href="/thong-bao/bao/">'


@pytest.mark.parametrize("odd", [{"id": "999999"}, {"id": "x' OR 1=1"}, {}])
def test_a_lost_target_leaves_the_words(odd):
    assert LightPageLinkHandler.expand_db_attributes(odd) == "<a>"
