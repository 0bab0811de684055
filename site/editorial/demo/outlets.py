"""The channels of the demo: portal, station feeds, and a group in the Telegram sandbox."""

from typing import Any

from channels.models import Channel
from channels.sandbox import seed
from core.crypto import encrypt
from organisations.models import Organisation

CHAT_ID = -2021042195  # a plain group: its messages have no address outside it
CHAT_TITLE = "Tuyên truyền CCHC Lạng Sơn"
BOT_TOKEN = "7000000095:demo-nhip-cau-khong-phai-that-00000"  # noqa: S105 - of the sandbox only

PRESS = "bao-va-dai-phat-thanh-truyen-hinh"
PULL_CHANNELS: tuple[dict[str, Any], ...] = (
    {
        "slug": "cong-thong-tin",
        "name": "Cổng thông tin",
        "kind": "portal",
        "owner": "so-noi-vu",
        "options": {},
    },
    {
        "slug": "phat-thanh",
        "name": "Phát thanh",
        "kind": "feed",
        "owner": PRESS,
        "options": {
            "variant": "spoken",
            "title": "Cải cách hành chính: bản đọc phát thanh",
            "description": "Bài đã viết thành lời nói, phát thanh viên đọc được ngay.",
        },
    },
    {
        "slug": "truyen-hinh",
        "name": "Truyền hình",
        "kind": "feed",
        "owner": PRESS,
        "options": {
            "variant": "picture",
            "title": "Cải cách hành chính: tin truyền hình",
            "description": "Tin, bài kèm hình 1920×1080 dùng cho bản tin truyền hình.",
        },
    },
    {
        "slug": "bao-chi",
        "name": "Báo chí",
        "kind": "feed",
        "owner": PRESS,
        "options": {
            "variant": "press",
            "title": "Cải cách hành chính: dành cho báo chí",
            "description": "Toàn văn tin, bài, kèm ảnh và nguồn.",
        },
    },
    {
        "slug": "truyen-thanh-co-so",
        "name": "Truyền thanh cơ sở",
        "kind": "feed",
        "owner": "ubnd-cac-xa-phuong",
        "options": {
            "variant": "loudspeaker",
            "title": "Cải cách hành chính: bản tin truyền thanh",
            "description": "Bài đọc cho hệ thống loa của xã, phường.",
        },
    },
)


def load_pull() -> int:
    """Create and switch on what others fetch; return how many channels are new."""
    return sum(add(**channel) for channel in PULL_CHANNELS)


def load_group() -> int:
    """Create the Telegram group and its channel; return how many channels are new."""
    seed(CHAT_ID, CHAT_TITLE, BOT_TOKEN)
    return add(
        slug="telegram-cchc",
        name="Nhóm Telegram CCHC",
        kind="telegram",
        owner="so-noi-vu",
        options={"chat_id": CHAT_ID},
        secret=encrypt(BOT_TOKEN),
    )


def add(*, slug: str, owner: str, **values: Any) -> bool:
    """Create the channel, switched on, unless there is one of that slug. Returns whether it did."""
    _channel, created = Channel.objects.get_or_create(
        slug=slug,
        defaults={
            **values,
            "owner": Organisation.objects.filter(code=owner).first(),
            "is_active": True,
        },
    )
    return created
