"""The demo province: what it promises, and that loading it again takes nothing away."""

import unicodedata
from datetime import datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, Revision, WorkflowState

from campaigns import counting
from campaigns.models import Activity, Plan
from channels.calling.models import Call
from channels.feeds.models import StationReport
from channels.models import Channel, Delivery, Publication, State
from channels.sandbox.models import SandboxChat
from core import crypto
from editorial import demo, roles
from editorial.demo import afterwards, field, illustrations, items, outlets
from editorial.demo.drawing import HEIGHT, WIDTH, Canvas
from editorial.demo.scenes import SCENES
from editorial.demo.texts import read
from editorial.models.royalties import RoyaltyLine, RoyaltySheet, SheetState
from media.models import Picture
from organisations.models import Contact, Organisation, User
from portal.models import (
    AnnouncementPage,
    ArticlePage,
    Bundle,
    BundleState,
    Correction,
    CorrectionKind,
    PortalSettings,
    Rehearsal,
    SectionPage,
)

PUSH = {
    *("telegram-cchc", "zalo-cchc", "zalo-to-cong-nghe", "facebook-cchc"),
    *(field.BOARD, field.LOUDSPEAKERS, field.REPORTERS, field.COMMUNES),
}
PULL = {"cong-thong-tin", "phat-thanh", "truyen-hinh", "bao-chi", "truyen-thanh-co-so"}


CORRECTED = "nam-buoc-nop-ho-so"


class Blank:
    """Stands for a scene: a picture that costs no time."""

    def jpeg(self) -> bytes:
        buffer = BytesIO()
        Image.new("RGB", (320, 200), "#8a1c1c").save(buffer, "JPEG")
        return buffer.getvalue()


BLANK_SCENES = dict.fromkeys(SCENES, Blank)


def load() -> list[str]:
    """Load the demo with blank pictures; return what it said."""
    said: list[str] = []
    with patch.object(illustrations, "SCENES", BLANK_SCENES):
        demo.load(said.append)
    return said


def amounts() -> dict[str, int]:
    models = (
        *(Activity, Bundle, Call, Channel, Contact, Correction, Delivery, Organisation, Page),
        *(Picture, Plan, Publication, Rehearsal, Revision, RoyaltyLine, SandboxChat),
        *(StationReport, User, WorkflowState, ContentType),
    )
    return {model.__name__: model.objects.count() for model in models}


def article(key: str) -> ArticlePage:
    return ArticlePage.objects.get(story=items.identity(key))


@pytest.mark.xdist_group("demo")  # loaded once for all of them
class DemoProvince(TestCase):
    """Loaded once for all of its tests; each takes back what it changes."""

    said: ClassVar[list[str]]
    uploads: ClassVar[str]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.uploads = cls.enterClassContext(TemporaryDirectory())
        with override_settings(MEDIA_ROOT=cls.uploads, DROP_ROOT=cls.uploads):
            cls.said = load()

    def setUp(self) -> None:
        self.enterContext(override_settings(MEDIA_ROOT=self.uploads, DROP_ROOT=self.uploads))

    def test_loading_twice_is_loading_once(self) -> None:
        before = amounts()
        again = load()
        assert amounts() == before
        assert len(self.said) == len(again) == 6
        assert self.said[:5] == again[:5]
        assert self.said[5] != again[5]  # it says that nothing was new

    def test_people_channels_and_names(self) -> None:
        accounts = {user.username: user for user in User.objects.all()}
        for name, role in demo.ACCOUNTS.items():
            assert [group.name for group in accounts[name].groups.all()] == [role]
            assert accounts[name].organisations.count() == 1
        assert set(demo.ACCOUNTS.values()) == set(roles.ALL)
        assert accounts["phongvien"].check_password("nhipcau-demo")
        assert str(accounts["duyet"]) == "Hoàng Minh Đức"
        assert not User.objects.filter(is_superuser=True).exists()

        assert set(Channel.objects.active().values_list("slug", flat=True)) == PULL | PUSH
        desk = Channel.objects.get(slug="phat-thanh").contacts.get()
        others = Contact.objects.exclude(purpose=Contact.Purpose.HEAD)
        assert (desk.name, others.count()) == ("Ban Thời sự", 5)
        group = Channel.objects.get(slug="telegram-cchc")
        assert crypto.decrypt(group.secret) == outlets.BOT_TOKEN
        assert SandboxChat.objects.get(chat_id=outlets.CHAT_ID).title == outlets.CHAT_TITLE
        assert SectionPage.objects.live().count() == 6
        assert not SectionPage.objects.filter(intro="").exists()
        assert PortalSettings.load().province == "Tỉnh Lạng Sơn"

    def test_the_news_desk_is_at_work(self) -> None:
        live = ArticlePage.objects.live()
        assert live.count() == 10
        assert live.values("genre").distinct().count() >= 5
        assert not live.filter(picture=None).exists()
        assert all(page.picture_described for page in live)
        assert len({page.listed_at.date() for page in live}) == 10
        now = timezone.now()
        assert all(page.listed_at <= now for page in live)

        notices = AnnouncementPage.objects.live()
        assert set(notices.values_list("level", flat=True)) == {"normal", "priority", "urgent"}
        assert notices.filter(ends_at__gt=now).count() == 2

        submitted = article("mot-cua-luu-dong")
        assert submitted.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
        assert submitted.current_workflow_state.requested_by.username == "phongvien"
        scheduled = article("lich-doi-thoai")
        assert scheduled.scheduled_revision is not None
        assert scheduled.go_live_at > now
        draft = article("ghi-nhanh-giao-ban")
        assert not draft.live
        assert draft.current_workflow_state is None

    def test_what_is_published_has_its_deliveries(self) -> None:
        live = [*ArticlePage.objects.live(), *AnnouncementPage.objects.live()]
        for page in live:
            rows = Delivery.objects.of_story(page.story)
            fetched = rows.filter(channel__slug__in=PULL, state=State.DELIVERED)
            versions = 2 if page.slug == CORRECTED else 1
            assert fetched.count() == len(PULL) * versions, page
        waiting = Delivery.objects.filter(channel__slug="telegram-cchc", state=State.PENDING)
        # Few, so that a newcomer's own message does not queue behind the group's rate limit.
        assert 1 <= waiting.count() <= 4
        assert Publication.objects.count() == len(live) + 2  # a correction, and what is withdrawn

    def test_what_was_published_then_bears_the_time_of_then(self) -> None:
        page = article("loa-truyen-thanh")
        assert page.first_published_at == page.last_published_at == page.listed_at
        for row in Delivery.objects.of_story(page.story):
            assert row.settled_at == row.created_at == page.listed_at

    def test_a_correction_and_a_withdrawal_went_out(self) -> None:
        page = article(CORRECTED)
        [correction] = page.noted_corrections()
        assert "hầu hết" in correction.note
        assert "hầu hết" in page.summary
        gone = article("nhan-ho-so-sang-thu-bay")
        assert not gone.live
        withdrawal = Correction.objects.of_story(gone.story).get()
        assert (withdrawal.kind, withdrawal.user.username) == (CorrectionKind.WITHDRAW, "duyet")
        board = Delivery.objects.of_story(gone.story).filter(channel__slug=field.BOARD)
        done = board.order_by("pk").values_list("action", "state")
        assert list(done) == [("publish", State.DELIVERED), ("retract", State.DELIVERED)]
        assert all(row.receipt["details"]["photo"] for row in board)

    def test_what_still_needs_somebody(self) -> None:
        waits = Delivery.objects.get(channel__slug=field.LOUDSPEAKERS, quiet_waiver="")
        noon = timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))
        assert waits.channel.silent_until(noon) is not None
        urgent = Delivery.objects.exclude(pk=waits.pk).get(channel__slug=field.LOUDSPEAKERS)
        assert urgent.quiet_waiver
        assert Delivery.objects.get(channel__slug=field.REPORTERS).state == State.UNCERTAIN
        # The worker will be told that the bot was thrown out.
        assert Delivery.objects.get(channel__slug=field.COMMUNES).state == State.PENDING
        assert SandboxChat.objects.get(title="Xã, phường báo việc").kicked
        states = dict(Call.objects.values_list("contact__name", "state"))
        assert states == {"Bế Văn Lâm": Call.State.ACKNOWLEDGED, "Hứa Thị Nga": Call.State.CALLING}

    def test_a_station_aired_what_it_took(self) -> None:
        page = self.client.get(afterwards.PAGE).content.decode()
        assert "17:05" in page
        assert afterwards.PROGRAMME in page
        for report in StationReport.objects.select_related("delivery"):
            assert report.at >= report.delivery.settled_at

    def test_the_office_reckons_bundles_and_rehearses(self) -> None:
        sheet = RoyaltySheet.objects.get()
        assert sheet.state == SheetState.SUBMITTED
        assert sheet.lines.exists()
        bundle = Bundle.objects.get()
        assert bundle.state == BundleState.SCHEDULED
        assert bundle.items.count() == 2
        assert Rehearsal.objects.get().plan is not None

    def test_articles_are_counted_at_the_activities_of_this_year(self) -> None:
        plan = Plan.objects.get(derived_from__number="95/KH-UBND")
        assert plan.live
        assert (
            plan.activities.count()
            == Plan.objects.get(number="95/KH-UBND").activities.count()
            == 22
        )
        serials = dict(plan.activities.values_list("pk", "serial"))
        counted = {serials[pk]: count for pk, count in counting.counts(serials).items() if count}
        once = ("1", "3", "5", "7", "8", "12", "13", "18", "19")
        assert counted == dict.fromkeys(once, 1)

    def test_what_people_changed_stays_changed(self) -> None:
        corrected = article("to-cong-nghe-so")
        corrected.title = "Tít đã sửa"
        corrected.slug = "tit-da-sua"
        corrected.save_revision().publish()
        article("loa-truyen-thanh").unpublish()
        names = PortalSettings.load()
        names.agency = "Sở Nội vụ"
        names.save()
        Channel.objects.filter(slug="phat-thanh").update(name="Sóng FM", is_active=False)
        person = User.objects.get(username="phongvien")
        person.set_password("mat-khau-moi")
        person.save()
        Organisation.objects.filter(code="so-noi-vu").update(short_name="Nội vụ")
        before = amounts()

        load()

        assert amounts() == before
        assert article("to-cong-nghe-so").title == "Tít đã sửa"
        assert not article("loa-truyen-thanh").live
        assert PortalSettings.objects.get().agency == "Sở Nội vụ"
        assert not Channel.objects.get(slug="phat-thanh").is_active
        assert User.objects.get(username="phongvien").check_password("mat-khau-moi")
        assert Organisation.objects.get(code="so-noi-vu").short_name == "Nội vụ"

    def test_an_item_deleted_by_mistake_comes_back(self) -> None:
        article("to-cong-nghe-so").delete()
        load()
        assert article("to-cong-nghe-so").live

    def test_every_page_answers(self) -> None:
        pages = [page for page in Page.objects.live().filter(depth__gt=1).specific() if page.url]
        assert len(pages) > 20
        for page in pages:
            response = self.client.get(page.get_url_parts()[2])
            assert response.status_code == 200, page
        assert "Năm bước nộp hồ sơ" in self.client.get("/").content.decode()


def test_a_failure_leaves_nothing_half_loaded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError("no sandbox")

    monkeypatch.setattr(outlets, "load_group", fail)
    before = amounts()
    with pytest.raises(RuntimeError):
        load()
    assert amounts() == before


def test_the_command_refuses_without_debug(db: None) -> None:
    with pytest.raises(CommandError, match="setup"):
        call_command("demo")
    assert not User.objects.exists()


def test_the_command_tells_what_it_loaded(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.DEBUG = True
    settings.DROP_ROOT = tmp_path
    monkeypatch.setattr(illustrations, "SCENES", BLANK_SCENES)
    output = StringIO()
    call_command("demo", stdout=output)
    assert "nhipcau-demo" in output.getvalue()
    assert "phongvien" in output.getvalue()


# --- pictures and texts, without a database ------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_scene_is_a_picture_of_the_promised_size(name: str) -> None:
    canvas = SCENES[name]()
    picture = Image.open(BytesIO(canvas.jpeg()))
    assert (picture.format, picture.size) == ("JPEG", (WIDTH, HEIGHT))
    colours = picture.resize((160, 100)).getcolors(maxcolors=16000)
    assert colours is not None
    assert len(colours) > 20  # drawn on, not blank


def test_a_drawing_is_always_the_same() -> None:
    assert SCENES["phone"]().jpeg() == SCENES["phone"]().jpeg()


def test_a_shape_lands_where_it_is_drawn() -> None:
    canvas = Canvas("#ffffff")
    canvas.box(100, 200, 50, 60, "#000000")
    picture = Image.open(BytesIO(canvas.jpeg())).convert("L")
    assert picture.getpixel((125, 230)) < 20  # type: ignore[operator]
    assert picture.getpixel((90, 230)) > 235  # type: ignore[operator]


def test_the_texts_fit_together() -> None:
    texts = read("articles")
    sections = {entry["name"] for entry in read("sections")["section"]}
    assert set(read("pictures")) == set(SCENES)
    for entry in texts["article"]:
        assert entry["section"] in sections
        assert entry.get("picture", "plan") in SCENES
        assert entry["author"] in demo.ACCOUNTS
        assert len(entry["summary"]) <= 500
        assert entry.get("state", "published") in items.STATES
    keys = [entry["key"] for entry in items.entries()]
    assert len(set(keys)) == len(keys)


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", ["articles", "pictures", "sections"])
def test_the_texts_are_composed(name: str) -> None:
    for text in strings(read(name)):
        assert unicodedata.is_normalized("NFC", text), text
