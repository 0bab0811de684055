"""What makes a page one story: an identity of its own, and a body fit for channels."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.actions.create_alias import CreatePageAliasAction

from channels.adapters.telegram_text import whole
from channels.models import Channel
from media.models import Attachment
from portal.body import plain_text, sanitised
from portal.forms import StoryPageForm
from portal.models import AnnouncementPage, ArticlePage
from portal.stories import spoken, story_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_copy_and_its_revisions_are_another_story():
    page = factories.article(live=True)
    copy = page.copy(update_attrs={"slug": "ban-sao", "title": "Bản sao"}, keep_live=False)
    assert copy.story != page.story
    assert copy.get_latest_revision_as_object().story == copy.story
    copy.get_latest_revision().publish()
    assert ArticlePage.objects.get(pk=copy.pk).story == copy.story


def test_an_alias_is_another_story_and_stays_so():
    page = factories.article(live=True)
    alias = CreatePageAliasAction(page, update_slug="bi-danh").execute(skip_permission_checks=True)
    assert alias.story != page.story
    page.title = "Tiêu đề mới"
    page.save_revision().publish()
    after = ArticlePage.objects.get(pk=alias.pk)
    assert (after.title, after.story) == ("Tiêu đề mới", alias.story)


def test_a_revision_cannot_bring_in_another_identity():
    page = factories.article(live=True)
    revision = page.get_latest_revision()
    revision.content["story"] = str(uuid.uuid4())
    assert revision.as_object().story == page.story


BODY = [
    ("paragraph", "<p>Một &amp; <b>hai</b></p><ul><li>ba</li><li>bốn</li></ul><p>a<br/>b</p>"),
    ("heading", "Đề <mục>"),
    ("quote", {"text": "Việc mới xong.", "source": "Ông Bảo"}),
]


def test_plain_text_parts_paragraphs_by_a_blank_line():
    page = factories.article(body=BODY)
    assert page.body_text() == (
        "Một & hai\n\n- ba\n\n- bốn\n\na\nb\n\nĐề <mục>\n\n“Việc mới xong.” – Ông Bảo"
    )


def test_channel_html_is_clean_and_its_addresses_are_absolute():
    target = factories.article(live=True, title="Đích")
    file = Attachment.objects.create(title="Kế hoạch", file=ContentFile(b"x", "kh.pdf"))
    picture = {"image": factories.picture(), "alt": "Quầy", "caption": "Sáng", "credit": ""}
    page = factories.article(
        body=[
            *BODY,
            ("paragraph", f'<p><a linktype="page" id="{target.pk}">xem</a></p>'),
            ("paragraph", '<p class="x" style="color:red"><img src="x" onerror="y()"/></p>'),
            ("picture", picture),
            ("document", {"document": file, "title": ""}),
        ]
    )
    html, root = page.body_html(), page.root_address
    assert f'<a href="{root}/tin-tuc/dich/">xem</a>' in html
    assert f'<figure><img src="{root}/uploads/images/' in html
    assert 'alt="Quầy"' in html
    assert "<figcaption>Sáng (Ảnh: Nguyễn An)</figcaption>" in html
    assert f'<a href="{root}{file.url}">Kế hoạch</a>' in html
    assert "<h2>Đề &lt;mục&gt;</h2>" in html
    for trace in ("class=", "style=", "onerror", "srcset"):
        assert trace not in html


def test_a_table_is_read_row_by_row():
    block = ArticlePage._meta.get_field("body").stream_block.child_blocks["table"]
    table = block.to_python(
        {
            "columns": [
                {"type": "text", "heading": "Xã"},
                {"type": "long_text", "heading": "Ghi chú"},
            ],
            "rows": [{"values": ["An Hòa", "<p>đúng <b>hạn</b></p>"]}, {"values": ["Bảo", ""]}],
            "caption": "Kết quả",
        }
    )
    page = factories.article(body=[("table", table)])
    assert page.body_text() == "Kết quả\n\nXã: An Hòa; Ghi chú: đúng hạn\n\nXã: Bảo"
    assert '<th scope="col">Xã</th>' in page.body_html()
    assert "<td><p>đúng <b>hạn</b></p></td>" in page.body_html()


def test_odd_html_neither_breaks_nor_leaks():
    assert sanitised("<p>a<iframe src=//x></iframe><svg onload=x></svg></p>") == "<p>a</p>"
    assert plain_text("") == ""
    assert plain_text("<p></p><p>&nbsp;</p>") == ""
    assert plain_text("1 &lt; 2") == "1 < 2"


def test_an_announcement_answers_as_a_story():
    page = factories.announcement(unit="Văn phòng", text="<p>Nghỉ lễ. <a href='/x/'>Xem</a></p>")
    assert page.body_text() == "Nghỉ lễ. Xem"
    assert page.summary_text == page.summary == "Nghỉ lễ. Xem"
    assert f'href="{page.root_address}/x/"' in page.body_html()
    assert (page.section_slug, page.section_name, page.picture) == ("", "", None)
    assert page.author_line == "Văn phòng"


def test_a_live_article_needs_a_section_and_a_described_picture():
    with pytest.raises(ValidationError) as refused:
        factories.article(live=True, section=None)
    assert "section" in refused.value.message_dict
    bare = factories.picture(description="")
    with pytest.raises(ValidationError) as refused:
        factories.article(live=True, picture=bare)
    assert "picture_alt" in refused.value.message_dict
    assert factories.article(live=True, picture=bare, picture_alt="Quầy hồ sơ").live


def form_of(page, user):
    form_class = type(page).get_edit_handler().get_form_class()
    assert issubclass(form_class, StoryPageForm)
    return form_class(instance=page, for_user=user)


def test_a_new_article_bears_the_writers_name(reporter):
    reporter.pen_name = "Hồng Lan"
    assert form_of(ArticlePage(), reporter).initial["byline"] == "Hồng Lan"
    page = factories.article(byline="Khác")
    assert form_of(page, reporter)["byline"].value() == "Khác"


def test_the_editor_may_leave_out_active_channels_and_those_left_out_before(reporter):
    factories.channel("dai", name="Đài")
    factories.channel("cu", name="Cũ", is_active=False)
    Channel.objects.create(name="Tắt", slug="tat", kind="portal", is_active=False)
    page = factories.article(channels_off=["cu"])
    assert form_of(page, reporter).fields["channels_off"].choices == [("cu", "Cũ"), ("dai", "Đài")]
    assert form_of(AnnouncementPage(), reporter).fields["channels_off"].choices == [("dai", "Đài")]


def test_an_announcement_is_not_read_aloud_twice() -> None:
    page = factories.announcement(text="<p>Hệ thống tạm dừng từ tối nay.</p><p>Xin lưu ý.</p>")
    assert story_of(page).spoken.lower().count("hệ thống tạm dừng") == 1


def test_an_announcement_is_not_said_twice():
    paragraphs = ("Hệ thống tạm dừng để nâng cấp. " * 10).strip(), "Hồ sơ không bị ảnh hưởng."
    page = factories.announcement(text="".join(f"<p>{part}</p>" for part in paragraphs))
    assert page.summary.endswith("…")
    assert spoken(page).count("Hồ sơ không bị ảnh hưởng.") == 1
    assert spoken(page).count("Hệ thống tạm dừng") == 10
    assert whole(page.summary, page.body_text()) == "\n\n".join(paragraphs)


def test_channels_get_the_pictures_of_the_body_once_and_in_order():
    main, lost = factories.picture(title="Chính"), factories.picture(title="Mất")
    first, second = factories.picture(title="Một"), factories.picture(title="Hai", credit="Lê Ba")
    lost.file.delete(save=False)

    def shown(image, caption=""):
        return {"image": image, "alt": f"Ảnh {image.title}", "caption": caption, "credit": ""}

    gallery = {"title": "", "pictures": [shown(main), shown(second), shown(lost), shown(first)]}
    body = [("picture", shown(first, "Đầu")), ("gallery", gallery)]
    pictures = story_of(factories.article(picture=main, body=body)).pictures
    assert [(one.alt, one.caption, one.credit) for one in pictures] == [
        ("Ảnh Một", "Đầu", "Nguyễn An"),
        ("Ảnh Hai", "", "Lê Ba"),
    ]
    assert all(one.size and one.width == 800 and one.mime == "image/jpeg" for one in pictures)
