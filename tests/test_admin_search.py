"""Every search of the admin finds Vietnamese without its diacritics, and document numbers."""

import uuid
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from campaigns.models import Activity, Plan
from channels.models import Action, Delivery, Publication
from core.finding import alike, matching
from editorial.models import ItemTemplate
from ingest.models import Source
from media.models import Attachment
from organisations.models import Contact, Organisation, OrganisationName, User
from portal.models.authors import Author
from portal.models.bundles import Bundle
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
TITLE = "Đẩy mạnh cải cách theo Kế hoạch số 95/KH-UBND"

SCREENS = [
    ("wagtailadmin_pages:search", "cai cach", TITLE),
    ("wagtailadmin_pages:search", "day manh", TITLE),
    ("wagtailadmin_pages:search", "95/KH-UBND", TITLE),
    ("wagtailadmin_explore_root", "cai cach", TITLE),
    ("articles:index", "cai cach", TITLE),
    ("articles:index", "95/KH-UBND", TITLE),
    ("wagtailimages:index", "mot cua", "Bộ phận Một cửa"),
    ("wagtailimages:index", "nguyen an", "Bộ phận Một cửa"),
    ("wagtailimages_chooser:choose_results", "mot cua", "Bộ phận Một cửa"),
    ("wagtaildocs:index", "cong van", "Công văn số 95/KH-UBND"),
    ("wagtaildocs:index", "95/kh-ubnd", "Công văn số 95/KH-UBND"),
    ("wagtaildocs_chooser:choose_results", "cong van", "Công văn số 95/KH-UBND"),
    ("wagtailusers_users:index", "nguyen", "Nguyễn Đức"),
    ("wagtailusers_users:index", "duc nguyen", "Nguyễn Đức"),
    ("organisations:list", "noi vu", "Sở Nội vụ thử"),
    ("organisations:list", "to chuc", "Sở Nội vụ thử"),  # by a former name
    ("contacts:index", "quynh", "Đỗ Quỳnh"),
    ("contacts:index", "so noi vu", "Đỗ Quỳnh"),
    ("campaigns_plans:list", "95/KH-UBND", "95/KH-UBND"),
    ("campaigns_plans:list", "tuyen truyen", "95/KH-UBND"),
    ("activity_chooser:choose_results", "hoi nghi", "Tổ chức hội nghị"),
    ("editorial_authors:index", "but danh", "Hồ Thị Nở"),
    ("editorial_templates:index", "tin hoi nghi", "Tin hội nghị thử"),
    ("ingest_sources:index", "bao tinh", "Báo tỉnh Đông"),
    ("portal_bundles:index", "dot 2", "Đợt 2"),
    ("channels:index", "dai truyen", "Đài truyền hình"),
    ("channels_deliveries", "cai cach", TITLE),
    ("wagtailadmin_choose_page_search", "cai cach", TITLE),
]


def fill() -> None:
    """Make one thing of each kind, every name with diacritics."""
    factories.article(title=TITLE)
    factories.picture(credit="Nguyễn An")
    Attachment.objects.create(
        title="Công văn số 95/KH-UBND", file=ContentFile(b"%PDF-1.4", "cong-van.pdf")
    )
    User.objects.create_user("duc", first_name="Đức", last_name="Nguyễn")
    agency = Organisation.objects.create(code="thu", name="Sở Nội vụ thử")
    OrganisationName.objects.create(organisation=agency, name="Ban Tổ chức chính quyền")
    agency.save()  # indexed with its names
    Contact.objects.create(organisation=agency, name="Đỗ Quỳnh", phone="0912345678")
    plan = Plan.objects.create(
        number="95/KH-UBND", title="Tuyên truyền cải cách", year=2026, issuer=agency, slug="95"
    )
    Activity.objects.create(plan=plan, content="Tổ chức hội nghị", position=1)
    Author.objects.create(name="Hồ Thị Nở", pen_name="Bút Danh")
    ItemTemplate.objects.create(name="Tin hội nghị thử")
    Source.objects.create(name="Báo tỉnh Đông", address="https://bao.example.vn/rss")
    Bundle.objects.create(name="Đợt 2")
    channel = factories.channel("dai", name="Đài truyền hình")
    story = uuid.uuid4()
    version = Publication.objects.create(
        story=story, title=TITLE, sequence=1, content={}, digest="0" * 64
    )
    Delivery.objects.create(
        publication=version,
        story=story,
        sequence=1,
        channel=channel,
        action=Action.PUBLISH,
        payload={},
    )


def test_every_screen_finds_without_diacritics(as_person: Callable[[str], Client]) -> None:
    fill()
    browser = as_person("administrator")
    User.objects.filter(username="administrator").update(is_superuser=True)
    missed = []
    for name, query, wanted in SCREENS:
        hit = browser.get(reverse(name), {"q": query})
        miss = browser.get(reverse(name), {"q": "khong co gi nhu vay"})
        if wanted not in hit.content.decode() or wanted in miss.content.decode():
            missed.append((name, query, hit.status_code))
    assert missed == []


def test_all_words_must_stand_in_a_row() -> None:
    User.objects.create_user("duc", first_name="Đức", last_name="Nguyễn")
    names = ["first_name", "last_name"]
    assert len(matching(User.objects.all(), names, "nguyễn ĐỨC")) == 1
    assert matching(User.objects.all(), names, "nguyen lan") == []
    assert matching(User.objects.all(), names, "…") == []


def test_the_log_is_searched_by_words() -> None:
    labels = ["Đợt 2", "Sở Nội vụ"]
    assert alike(labels, "dot") == ["Đợt 2"]
    assert alike(labels, "!") == []
