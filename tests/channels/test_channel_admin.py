"""Channels in the admin, over HTTP: who may do what, what is stored, what people are told."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pydantic import BaseModel, ConfigDict, Field
from wagtail.models import ModelLogEntry

from channels import audience
from channels.admin import actions
from channels.contract import (
    Message,
    PermanentError,
    Receipt,
    TemporaryError,
    UncertainError,
)
from channels.models import Action, Channel, Delivery, Publication, State
from channels.registry import ADAPTERS
from channels.testing import MemoryAdapter
from core.crypto import decrypt, encrypt
from organisations.models import Organisation, User
from tests import factories

TOKEN = "123456:bi-mat-cua-kenh"


class Box(MemoryAdapter):
    """A kind with a secret and settings, that answers checks as the test wants."""

    kind = "box"
    label = "Hộp thư thử"
    summary = "Giữ tin trong bộ nhớ."
    secret_label = "Mã truy cập"
    answer: ClassVar[Any] = "Nhóm CCHC"
    transactions: ClassVar[list[bool]] = []

    class Options(BaseModel):
        model_config = ConfigDict(extra="forbid")

        chat_id: int | str = Field(title="Nhóm nhận")
        size: int = Field(10, ge=5, le=20, title="Cỡ")
        silent: bool = Field(True, title="Im lặng")

    async def check(self) -> str:
        self.transactions.append(connection.in_atomic_block)
        if isinstance(self.answer, Exception):
            raise self.answer
        return str(self.answer)

    async def send(self, message: Message) -> Receipt:
        self.transactions.append(connection.in_atomic_block)
        await self.call("send", message)
        self.shown["1"] = message
        return Receipt(external_id="1")


@pytest.fixture(autouse=True)
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Box]]:
    Box.reset()
    monkeypatch.setattr(Box, "answer", "Nhóm CCHC")
    monkeypatch.setattr(Box, "transactions", [])
    monkeypatch.setitem(ADAPTERS, "box", Box)
    monkeypatch.setattr(audience, "_providers", [lambda: [("mot-cua", "Một cửa")]])
    yield Box
    Box.reset()


@pytest.fixture
def channel(db: None) -> Channel:
    return factories.channel(
        "hop", "box", name="Hộp CCHC", options={"chat_id": -100}, secret=encrypt(TOKEN)
    )


@pytest.fixture
def browser(db: None) -> Callable[..., Client]:
    """Give a function that returns a browser of a person with these permissions on channels."""

    def with_permissions(*codenames: str, superuser: bool = False) -> Client:
        user = User.objects.create_user(f"nguoi{User.objects.count()}", is_superuser=superuser)
        wanted = ["access_admin", *codenames]
        user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
        client = Client()
        client.force_login(user)
        return client

    return with_permissions


@pytest.fixture
def admin(browser: Callable[..., Client]) -> Client:
    return browser(superuser=True)


def url(name: str, *args: Any) -> str:
    return reverse(f"channels:{name}", args=args)


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def shown(response: Any) -> str:
    """Return the messages that the page shows."""
    found = re.findall(r'(?s)<div class="messages".*?</ul>', text_of(response))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(found)))


def verbs() -> list[str]:
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


FORM = {"name": "Nhóm mới", "slug": "nhom-moi", "options-chat_id": "-200", "options-size": "12"}


# Adding


def test_the_kind_is_chosen_first(admin: Client) -> None:
    page = text_of(admin.get(url("add")))
    for adapter in ADAPTERS.values():
        assert f'{url("add")}?kind={adapter.kind}"' in page
        assert str(adapter.label) in page
        assert str(adapter.summary) in page
    assert admin.get(url("add") + "?kind=khong-co").status_code == 200
    assert admin.post(url("add"), FORM).status_code == 302
    assert not Channel.objects.exists()


def test_a_channel_is_added_switched_off_with_its_secret_encrypted(admin: Client) -> None:
    owner = Organisation.objects.create(code="so-noi-vu", name="Sở Nội vụ")
    sent = FORM | {
        "owner": str(owner.pk),
        "secret": TOKEN,
        "takes_sections": ["mot-cua"],
        "takes_levels": ["urgent", "priority"],
    }
    response = admin.post(url("add") + "?kind=box", sent)
    channel = Channel.objects.get()
    assert response.url == url("edit", channel.pk)
    assert (channel.kind, channel.slug, channel.owner) == ("box", "nhom-moi", owner)
    assert channel.options == {"chat_id": -200, "size": 12, "silent": False}
    assert channel.takes_sections == ["mot-cua"]
    assert sorted(channel.takes_levels) == ["priority", "urgent"]
    assert not channel.is_active
    assert TOKEN not in channel.secret
    assert decrypt(channel.secret) == TOKEN
    assert verbs() == ["wagtail.create", "channels.edit_secret"]


@pytest.mark.parametrize("kind", sorted(ADAPTERS))
def test_every_kind_has_a_form(admin: Client, kind: str) -> None:
    page = text_of(admin.get(f"{url('add')}?kind={kind}"))
    for name in ADAPTERS[kind].Options.model_fields:
        assert f'name="options-{name}"' in page


def test_a_refused_form_keeps_what_was_typed_but_never_the_secret(admin: Client) -> None:
    sent = FORM | {"options-size": "99", "secret": TOKEN, "takes_levels": ["urgent"]}
    page = text_of(admin.post(url("add") + "?kind=box", sent))
    assert not Channel.objects.exists()
    assert 'value="Nhóm mới"' in page
    assert 'value="99"' in page
    assert "Giá trị không được quá 20." in page
    assert TOKEN not in page
    assert "Chưa lưu: vui lòng nhập lại." in page


def test_an_address_taken_by_another_channel_is_refused(admin: Client, channel: Channel) -> None:
    page = text_of(admin.post(url("add") + "?kind=box", FORM | {"slug": "hop"}))
    assert Channel.objects.count() == 1
    assert 'value="Nhóm mới"' in page


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Đài truyền thanh xã Hữu Lũng", "dai-truyen-thanh-xa-huu-lung"), ("!!!", "")],
)
def test_an_address_left_empty_is_made_from_the_name(admin: Client, name: str, slug: str) -> None:
    admin.post(url("add") + "?kind=box", FORM | {"name": name, "slug": ""})
    assert [channel.slug for channel in Channel.objects.all()] == ([slug] if slug else [])


# Editing


def edit(client: Client, channel: Channel, **values: Any) -> Any:
    sent = {"name": channel.name, "slug": channel.slug, "options-chat_id": "-100"}
    data = sent | {"options-size": "10", "options-silent": "on"} | values
    return client.post(url("edit", channel.pk), data, follow=True)


def test_the_stored_secret_is_never_shown_and_stays_when_left_empty(
    admin: Client, channel: Channel
) -> None:
    page = text_of(admin.get(url("edit", channel.pk)))
    assert TOKEN not in page
    assert channel.secret not in page
    assert "Để trống nếu giữ nguyên" in page
    edit(admin, channel, name="Tên mới")
    channel.refresh_from_db()
    assert channel.name == "Tên mới"
    assert decrypt(channel.secret) == TOKEN
    assert verbs() == ["wagtail.edit"]


def test_a_secret_can_be_replaced_and_removed(admin: Client, channel: Channel) -> None:
    edit(admin, channel, secret="moi")
    channel.refresh_from_db()
    assert decrypt(channel.secret) == "moi"
    edit(admin, channel, secret="khac", secret_remove="on")
    channel.refresh_from_db()
    assert decrypt(channel.secret) == "moi"
    edit(admin, channel, secret_remove="on")
    channel.refresh_from_db()
    assert channel.secret == ""
    assert verbs().count("channels.edit_secret") == 2
    assert TOKEN not in str(list(ModelLogEntry.objects.values_list("data", flat=True)))


def test_settings_the_kind_does_not_know_are_kept_until_removed(
    admin: Client, channel: Channel
) -> None:
    Channel.objects.filter(pk=channel.pk).update(options={"chat_id": -100, "cu": "giữ"})
    assert '{"cu": "giữ"}' in text_of(admin.get(url("edit", channel.pk)))
    edit(admin, channel)
    channel.refresh_from_db()
    assert channel.options == {"chat_id": -100, "size": 10, "silent": True, "cu": "giữ"}
    edit(admin, channel, drop_unknown="on")
    channel.refresh_from_db()
    assert "cu" not in channel.options


def test_a_section_that_is_gone_stays_chosen(admin: Client, channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(takes_sections=["da-xoa"])
    assert "da-xoa (không còn tồn tại)" in text_of(admin.get(url("edit", channel.pk)))
    edit(admin, channel, takes_sections=["da-xoa", "mot-cua"])
    channel.refresh_from_db()
    assert channel.takes_sections == ["da-xoa", "mot-cua"]


def test_saving_leaves_what_a_worker_wrote_meanwhile(admin: Client, channel: Channel) -> None:
    form = admin.get(url("edit", channel.pk)).context["form"]
    moment = timezone.now()
    Channel.objects.filter(pk=channel.pk).update(stopped_at=moment, stopped_reason="Mất quyền")
    bound = type(form)(
        {"name": "Khác", "slug": "hop", "options-chat_id": "1", "options-size": "5"},
        instance=form.instance,
    )
    assert bound.is_valid()
    bound.save()
    channel.refresh_from_db()
    assert (channel.name, channel.stopped_at) == ("Khác", moment)


def test_a_kind_taken_out_of_the_program_says_so(admin: Client, channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(kind="cu")
    response = admin.get(url("edit", channel.pk), follow=True)
    assert "không có loại kênh này" in shown(response)


# The list


def deliver(channel: Channel, state: State = State.DELIVERED, **values: Any) -> Delivery:
    message = factories.message()
    publication = Publication.objects.create(
        story=message.story, sequence=1, content={}, title=values.pop("title", "Khai trương")
    )
    return Delivery.objects.create(
        publication=publication,
        channel=channel,
        story=message.story,
        sequence=1,
        action=Action.PUBLISH,
        payload={},
        state=state,
        receipt={"external_id": "77", "address": "https://t.me/c/1/77"},
        **values,
    )


def test_the_list_tells_how_each_channel_is_doing(admin: Client, channel: Channel) -> None:
    now = timezone.now()
    factories.channel("tot", "box", name="Kênh tốt", last_success_at=now)
    hold = now + timedelta(hours=2)
    factories.channel("cho", "box", name="Kênh chờ", hold_until=hold, last_success_at=now)
    factories.channel("dung", "box", name="Kênh dừng", stopped_at=now, stopped_reason="Mất quyền")
    for state in (State.PENDING, State.PENDING, State.FAILED):
        deliver(channel, state)
    page = text_of(admin.get(url("index")))
    for words in ("Hoạt động", "Chờ đến", "Đã dừng: Mất quyền", "Chưa từng dùng", "Hộp thư thử"):
        assert words in page
    rows = {row.slug: row.health for row in admin.get(url("index")).context["object_list"]}
    assert (rows["hop"].pending, rows["hop"].failed, rows["hop"].uncertain) == (2, 1, 0)


def test_the_list_costs_the_same_for_many_channels(admin: Client, channel: Channel) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert admin.get(url("index")).status_code == 200
        return len(found)

    queries()
    few = queries()
    for number in range(15):
        deliver(factories.channel(f"kenh-{number}", "box"), State.FAILED)
    assert queries() == few


def test_the_menu_offers_channels_and_the_report(admin: Client) -> None:
    page = text_of(admin.get(url("index")))
    assert url("index") in page
    assert reverse("channels_deliveries") in page


# Verbs


def test_switching_on_and_off(admin: Client, channel: Channel) -> None:
    response = admin.post(url("switch_off", channel.pk), follow=True)
    channel.refresh_from_db()
    assert not channel.is_active
    assert "“Hộp CCHC” đã tắt." in shown(response)
    response = admin.post(url("switch_on", channel.pk), follow=True)
    channel.refresh_from_db()
    assert channel.is_active
    assert "“Hộp CCHC” đã bật." in shown(response)
    assert verbs() == ["channels.switch_off", "channels.switch_on"]


def test_a_channel_with_unusable_settings_stays_off(admin: Client, channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(options={}, is_active=False)
    response = admin.post(url("switch_on", channel.pk), follow=True)
    channel.refresh_from_db()
    assert not channel.is_active
    assert "chat_id" in shown(response)


def test_a_stopped_channel_is_started_again(admin: Client, channel: Channel) -> None:
    now = timezone.now()
    Channel.objects.filter(pk=channel.pk).update(
        stopped_at=now, stopped_reason="Mất quyền", hold_until=now + timedelta(hours=1)
    )
    assert url("restart", channel.pk) in text_of(admin.get(url("edit", channel.pk)))
    admin.post(url("restart", channel.pk))
    channel.refresh_from_db()
    assert (channel.stopped_at, channel.stopped_reason, channel.hold_until) == (None, "", None)
    assert verbs() == ["channels.restart"]
    assert url("restart", channel.pk) not in text_of(admin.get(url("edit", channel.pk)))


def test_the_check_names_the_destination(admin: Client, channel: Channel) -> None:
    response = admin.post(url("check", channel.pk), follow=True)
    assert "Kết nối tốt: Nhóm CCHC." in shown(response)


def test_saving_and_checking_in_one_go(admin: Client, channel: Channel, box: type[Box]) -> None:
    box.answer = PermanentError("Mã truy cập không đúng.")
    response = edit(admin, channel, **{"name": "Tên mới", "action-check": "check"})
    channel.refresh_from_db()
    assert channel.name == "Tên mới"
    assert "Mã truy cập không đúng." in shown(response)
    assert 'value="Tên mới"' in text_of(response)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (PermanentError("Mã truy cập không đúng.", stops_channel=True), "Mã truy cập không đúng."),
        (PermanentError("Không tìm thấy nhóm."), "Không tìm thấy nhóm."),
        (TemporaryError("Không nối được."), "Không nối được."),
        (TimeoutError(), "không trả lời kịp"),
        (ZeroDivisionError(TOKEN), "Lỗi nội bộ"),
    ],
)
def test_a_failed_check_tells_why(
    admin: Client, channel: Channel, box: type[Box], answer: Exception, told: str
) -> None:
    box.answer = answer
    response = admin.post(url("check", channel.pk), follow=True)
    assert told in shown(response)
    assert TOKEN not in text_of(response)
    channel.refresh_from_db()
    assert channel.stopped_at is None


def test_a_secret_written_with_a_lost_key_is_told(
    admin: Client, channel: Channel, settings: Any
) -> None:
    settings.FIELD_KEYS = ["YW5vdGhlci10ZXN0LWtleS1vZi0zMi1ieXRlcy0hISE="]
    response = admin.post(url("check", channel.pk), follow=True)
    assert "nhập lại" in shown(response).lower()


def test_a_test_message_is_labelled_and_bypasses_the_outbox(
    admin: Client, channel: Channel, box: type[Box]
) -> None:
    response = admin.post(url("test", channel.pk), follow=True)
    [message] = box.shown.values()
    assert message.title == "Tin thử"
    assert "Hộp CCHC" in message.text
    assert "Tin thử đã được nhận" in shown(response)
    assert not Delivery.objects.exists()
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data["reason"]) == ("channels.test", "")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (PermanentError("Bot đã bị đưa khỏi nhóm."), "bị từ chối: Bot đã bị đưa khỏi nhóm."),
        (TemporaryError("Không nối được."), "chưa gửi được: Không nối được."),
        (UncertainError("Không có trả lời."), "Chưa rõ tin thử đã đến hay chưa"),
    ],
)
def test_a_failed_test_tells_why_and_is_logged(
    admin: Client, channel: Channel, box: type[Box], fault: Exception, told: str
) -> None:
    box.faults.append(fault)
    response = admin.post(url("test", channel.pk), follow=True)
    assert told in shown(response)
    assert str(fault) in ModelLogEntry.objects.get().data["reason"]


def test_a_test_keeps_what_the_receiver_changed(
    admin: Client, channel: Channel, box: type[Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def moved(self: Box, message: Message) -> Receipt:
        return Receipt(external_id="1", new_options={"chat_id": -999})

    monkeypatch.setattr(box, "send", moved)
    admin.post(url("test", channel.pk))
    channel.refresh_from_db()
    assert channel.options == {"chat_id": -999}


def test_nothing_is_sent_to_a_channel_that_others_fetch(admin: Client) -> None:
    feed = factories.channel("phat-thanh", "feed")
    response = admin.post(url("test", feed.pk), follow=True)
    assert "Kênh này không gửi đi" in shown(response)
    assert verbs() == []
    with pytest.raises(ValueError, match="nothing can be sent"):
        actions.send_test(feed, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["check", "test"])
def test_the_network_is_never_waited_for_inside_a_transaction(
    admin: Client, channel: Channel, box: type[Box], verb: str
) -> None:
    admin.post(url(verb, channel.pk))
    assert box.transactions == [False]


def test_a_used_channel_is_not_deleted(admin: Client, channel: Channel) -> None:
    deliver(channel)
    response = admin.post(url("delete", channel.pk), follow=True)
    assert "Hãy tắt kênh" in shown(response)
    assert Channel.objects.filter(pk=channel.pk).exists()


def test_an_unused_channel_can_be_deleted(admin: Client, channel: Channel) -> None:
    assert admin.get(url("delete", channel.pk)).status_code == 200
    admin.post(url("delete", channel.pk))
    assert not Channel.objects.exists()


def test_the_history_names_the_verbs(admin: Client, channel: Channel) -> None:
    admin.post(url("switch_off", channel.pk))
    admin.post(url("test", channel.pk))
    page = text_of(admin.get(url("history", channel.pk)))
    assert "Đã tắt kênh" in page
    assert "Đã gửi tin thử" in page


# Who may do what

PERMISSIONS = ("", "view_channel", "add_channel", "change_channel", "delete_channel")
PAGES: list[tuple[str, str, bool, set[str]]] = [
    ("get", "index", False, {"view_channel", "add_channel", "change_channel", "delete_channel"}),
    ("get", "add", False, {"add_channel"}),
    ("post", "add", False, {"add_channel"}),
    ("get", "edit", True, {"change_channel"}),
    ("post", "edit", True, {"change_channel"}),
    ("get", "inspect", True, {"view_channel", "add_channel", "change_channel", "delete_channel"}),
    ("get", "delete", True, {"delete_channel"}),
    ("post", "switch_on", True, {"change_channel"}),
    ("post", "switch_off", True, {"change_channel"}),
    ("post", "restart", True, {"change_channel"}),
    ("post", "check", True, {"change_channel"}),
    ("get", "check", True, {"change_channel"}),
    ("post", "test", True, {"change_channel"}),
]


@pytest.mark.parametrize("permission", PERMISSIONS)
@pytest.mark.parametrize(("method", "name", "of_one", "allowed"), PAGES)
def test_each_page_asks_for_its_permission(
    browser: Callable[..., Client],
    channel: Channel,
    box: type[Box],
    permission: str,
    method: str,
    name: str,
    of_one: bool,
    allowed: set[str],
) -> None:
    client = browser(*filter(None, [permission]))
    address = url(name, channel.pk) if of_one else url(name)
    address += "?kind=box" if name == "add" else ""
    before = Channel.objects.values().get()
    response = getattr(client, method)(address, {} if method == "get" else {"name": ""})
    refused = response.status_code == 302 and response.url == reverse("wagtailadmin_home")
    assert refused == (permission not in allowed)
    if refused:
        assert Channel.objects.values().get() == before
        assert not box.calls


@pytest.mark.parametrize(
    ("role", "sees", "changes"),
    [
        ("reporter", False, False),
        ("editor", True, False),
        ("approver", True, False),
        ("planner", False, False),
        ("officer", False, False),
        ("administrator", True, True),
    ],
)
def test_administrators_keep_the_channels_and_the_newsroom_looks(
    as_person: Callable[[str], Client], channel: Channel, role: str, sees: bool, changes: bool
) -> None:
    client = as_person(role)
    assert (client.get(url("index")).status_code == 200) == sees
    assert (client.get(reverse("channels_deliveries")).status_code == 200) == sees
    assert (client.get(url("edit", channel.pk)).status_code == 200) == changes
    client.post(url("switch_off", channel.pk))
    channel.refresh_from_db()
    assert channel.is_active != changes


@pytest.mark.parametrize("verb", ["switch_on", "switch_off", "restart", "test"])
def test_verbs_that_change_something_are_posts(admin: Client, channel: Channel, verb: str) -> None:
    assert admin.get(url(verb, channel.pk)).status_code == 405
    assert admin.post(url(verb, 0)).status_code == 404


def test_a_stranger_is_asked_to_log_in(client: Client, channel: Channel) -> None:
    response = client.post(url("switch_off", channel.pk))
    assert response.url.startswith(reverse("wagtailadmin_login"))
    channel.refresh_from_db()
    assert channel.is_active


def test_those_who_only_look_see_neither_secret_nor_buttons(
    browser: Callable[..., Client], channel: Channel
) -> None:
    Channel.objects.filter(pk=channel.pk).update(takes_levels=["urgent"])
    page = text_of(browser("view_channel").get(url("inspect", channel.pk)))
    for words in ("Hộp CCHC", "Hộp thư thử", "Chưa từng dùng", "Mọi chuyên mục", "Khẩn cấp"):
        assert words in page
    assert channel.secret not in page
    assert url("switch_off", channel.pk) not in page


def test_form_fields_are_labelled_for_screen_readers(admin: Client, channel: Channel) -> None:
    page = admin.get(url("edit", channel.pk)).content.decode()
    for field in ("name", "slug", "options-chat_id", "secret"):
        assert f'for="id_{field}"' in page
        assert f'id="id_{field}"' in page


# The report


def test_the_report_lists_deliveries(admin: Client, channel: Channel) -> None:
    deliver(channel, title="Tin một", attempt_count=3)
    deliver(channel, State.FAILED, title="Tin hai", reason="Mất quyền")
    page = text_of(admin.get(reverse("channels_deliveries")))
    for words in ("Tin một", "Tin hai", "Hộp CCHC", "Mất quyền", "77 · https://t.me/c/1/77"):
        assert words in page


def test_the_report_filters_by_channel_and_state(admin: Client, channel: Channel) -> None:
    deliver(channel, title="Của hộp")
    deliver(channel, State.FAILED, title="Hỏng")
    deliver(factories.channel("khac", "box"), title="Của kênh khác")
    address = reverse("channels_deliveries_results")
    page = text_of(admin.get(address, {"channel": channel.pk, "state": ["delivered"]}))
    assert "Của hộp" in page
    assert "Hỏng" not in page
    assert "Của kênh khác" not in page
    assert "Của kênh khác" in text_of(admin.get(address, {"q": "kênh"}))


def test_the_report_costs_the_same_however_long(admin: Client, channel: Channel) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            admin.get(reverse("channels_deliveries"))
        return len(found)

    deliver(channel)
    queries()
    few = queries()
    for _ in range(20):
        deliver(channel)
    assert queries() == few


def test_the_report_can_be_taken_away(admin: Client, channel: Channel) -> None:
    row = deliver(channel, title="Tin một", settled_at=timezone.now())
    local = timezone.localtime(row.settled_at)
    address = reverse("channels_deliveries")
    csv = b"".join(admin.get(address, {"export": "csv"})).decode()
    assert "Tin một,Hộp CCHC" in csv
    assert f"{local:%H:%M}" in csv
    book = load_workbook(BytesIO(b"".join(admin.get(address, {"export": "xlsx"}))))
    heading, line = book.active.iter_rows(values_only=True)
    assert heading[0] == "Tin, bài"
    assert line[:2] == ("Tin một", "Hộp CCHC")
    assert line[6] == "77 · https://t.me/c/1/77"
    assert f"{line[8]:%H:%M}" == f"{local:%H:%M}"


@pytest.mark.parametrize(
    ("permission", "may"),
    [("", False), ("add_channel", False), ("view_delivery", True), ("view_channel", True)],
)
def test_the_report_asks_for_its_permission(
    browser: Callable[..., Client], permission: str, may: bool
) -> None:
    for name in ("channels_deliveries", "channels_deliveries_results"):
        response = browser(*filter(None, [permission])).get(reverse(name))
        assert (response.status_code == 200) == may
