"""The editor's preview shows what is not saved yet."""

import pytest
from django.core.files.base import ContentFile

from channels.models import Channel
from media.models import Attachment
from portal import tree
from portal.models import AnnouncementPage, ArticlePage, RelatedDocument
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_an_article_that_was_never_saved_can_be_looked_at():
    pages = factories.site_tree()
    file = Attachment.objects.create(title="Phụ lục", file=ContentFile(b"x", "phu-luc.pdf"))
    page = ArticlePage(
        title="Chưa lưu",
        live=False,
        section=tree.section(pages, "Chuyển đổi số"),
        summary="Tóm tắt",
        picture=factories.picture(),
        body=[
            ("paragraph", f'<p><a linktype="page" id="{pages.news.pk}">tin</a></p>'),
            ("picture", {"image": factories.picture(), "alt": "Quầy", "caption": "", "credit": ""}),
        ],
    )
    page.related_documents = [RelatedDocument(document=file)]
    pages.news.add_child(instance=page)
    draft = page.save_revision().as_object()
    draft.related_documents = [RelatedDocument(document=file), RelatedDocument(document=file)]
    draft.title = "Tiêu đề chưa lưu"
    text = draft.make_preview_request(preview_mode="").content.decode()
    assert "Tiêu đề chưa lưu" in text
    assert text.count("Phụ lục") == 2
    assert 'href="/tin-tuc/"' in text


def test_a_new_page_can_be_looked_at_before_its_first_saving():
    pages = factories.site_tree()
    for page, parent in (
        (ArticlePage(title="Bài mới", summary="x"), pages.news),
        (AnnouncementPage(title="Báo mới", text="<p>x</p>"), pages.announcements),
    ):
        page.set_url_path(parent)
        response = page.make_preview_request(preview_mode="")
        assert page.title in response.content.decode()


@pytest.fixture
def television() -> Channel:
    return factories.channel("truyen-hinh", "feed", options={"variant": "picture"})


def test_a_channel_is_shown_without_the_portal_around_it(television: Channel):
    page = factories.article(
        picture=factories.picture(), body=[("paragraph", "<p>Cả bài <b>được</b> gửi.</p>")]
    )
    text = page.make_preview_request(preview_mode="channel-truyen-hinh").content.decode()
    assert 'width="1920"' in text
    assert "<p>Cả bài được gửi.</p>" in text
    assert "&lt;p&gt;Cả bài" in text
    assert "masthead" not in text
    assert "footer" not in text
