"""Channels in the admin, over HTTP: what is stored, and what people are told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from channels.models import Channel, State
from channels.registry import ADAPTERS
from core.crypto import decrypt
from organisations.models import Organisation
from tests import factories
from tests.channels.channel_fixtures import TOKEN, deliver, edit, shown, text_of, url, verbs

pytestmark = pytest.mark.usefixtures("box")

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


def test_the_address_of_a_channel_stays(admin: Client, channel: Channel) -> None:
    """Stations subscribe to it, and items name the channels they leave out by it."""
    edit(admin, channel, slug="ten-moi")
    channel.refresh_from_db()
    assert channel.slug == "hop"


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
