"""Channels of the demo that are not all well: quiet hours, work by hand, groups with trouble.

They take few items each, so that what a newcomer publishes goes its way undisturbed.
"""

from datetime import time
from pathlib import Path
from typing import Any

from django.conf import settings

from channels.models import Channel
from channels.quiet import EVERY_DAY
from channels.sandbox import seed
from channels.sandbox.models import SandboxChat
from core.crypto import encrypt
from editorial.demo.outlets import BOT_TOKEN, add
from organisations.models import Contact, Organisation
from portal.models import UrgentSettings

FOLDER = "loa-tam-thanh"
BOARD, LOUDSPEAKERS = "bang-tin-tam-thanh", "loa-tam-thanh"
REPORTERS, COMMUNES = "telegram-cong-tac-vien", "telegram-xa-phuong"
TROUBLED_TOKEN = "7000000096:demo-nhip-cau-khong-phai-that-11111"  # noqa: S105 - of the sandbox

#: Slug, name, number and title of the chat, and what is wrong with it.
GROUPS: tuple[tuple[str, str, int, str, dict[str, Any]], ...] = (
    # What went there first got no answer (``afterwards``): a person has to look in the group.
    (REPORTERS, "Nhóm Telegram cộng tác viên", -2021042196, "Tổ cộng tác viên CCHC", {}),
    # Somebody threw the bot out: nothing arrives until it is invited again.
    (COMMUNES, "Nhóm Telegram xã, phường", -2021042197, "Xã, phường báo việc", {"kicked": True}),
)  # fmt: skip

OFFICERS = (
    ("Bế Văn Lâm", "Chánh Văn phòng", "ubnd-phuong-ky-lua", "0205 3000 201", 5000000201),
    ("Hứa Thị Nga", "Phụ trách đài truyền thanh", "ubnd-phuong-ky-lua", "0205 3000 202",
     5000000202),
)  # fmt: skip


def load() -> None:
    """Create what the newest items go to, and name the officers who are called."""
    load_loudspeakers()
    for group in GROUPS:
        load_group(*group)
    load_officers()


def load_loudspeakers() -> int:
    """Loudspeakers that get their items in the morning only; what is urgent does not wait."""
    Path(settings.DROP_ROOT, FOLDER).mkdir(parents=True, exist_ok=True)
    return add(
        slug=LOUDSPEAKERS,
        name="Loa phường Tam Thanh",
        kind="loudspeaker",
        owner="ubnd-phuong-tam-thanh",
        options={"address": f"file:///{FOLDER}", "areas": ["tam-thanh"]},
        takes_levels=["priority", "urgent"],
        quiet_from=time(6, 30),
        quiet_until=time(6, 0),
        quiet_days=EVERY_DAY,
    )


def load_board() -> int:
    return add(
        slug=BOARD,
        name="Bảng tin phường Tam Thanh",
        kind="hand",
        owner="ubnd-phuong-tam-thanh",
        options={"carrier": "board", "place": "Nhà văn hóa khối 6", "hours": 48},
        takes_sections=["thu-tuc-hanh-chinh"],
        takes_levels=["normal"],
    )


def load_group(slug: str, name: str, chat: int, title: str, trouble: dict[str, Any]) -> int:
    """Create a group and its channel; trouble is made only once."""
    seed(chat, title, TROUBLED_TOKEN)
    made = add(
        slug=slug,
        name=name,
        kind="telegram",
        owner="so-noi-vu",
        options={"chat_id": chat},
        secret=encrypt(TROUBLED_TOKEN),
        takes_sections=["cong-vu"],
        takes_levels=["normal"],
    )
    if made:
        SandboxChat.objects.filter(chat_id=chat).update(**trouble)
    return made


def load_officers() -> None:
    """Name whom urgent announcements call, each with a chat of their own, unless it was done."""
    for name, position, agency, phone, chat in OFFICERS:
        seed(chat, name, BOT_TOKEN)
        Contact.objects.get_or_create(
            name=name,
            defaults={
                "position": position,
                "organisation": Organisation.objects.get(code=agency),
                "phone": phone,
                "telegram": str(chat),
                "note": "Số điện thoại trình diễn",
            },
        )
    settings_of_calls = UrgentSettings.load()
    if settings_of_calls.bot is None:
        settings_of_calls.bot = Channel.objects.filter(slug="telegram-cchc").first()
        settings_of_calls.save()
