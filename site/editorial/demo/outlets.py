"""The channels of the demo: portal, station feeds, and accounts in the sandboxes.

All of them are at work; Zalo and Facebook take few items, so that a demo is quick to follow.
"""

import json
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from channels.models import Channel
from channels.sandbox import seed
from channels.sandbox.social.seeding import seed_facebook, seed_zalo
from core.crypto import encrypt
from media.models import Picture
from organisations.models import Contact, Organisation

CHAT_ID = -2021042195  # a plain group: its messages have no address outside it
CHAT_TITLE = "Tuyên truyền CCHC Lạng Sơn"
BOT_TOKEN = "7000000095:demo-nhip-cau-khong-phai-that-00000"  # noqa: S105 - of the sandbox only
ZALO_OA, ZALO_APP, ZALO_GROUP = "4318042026", "1458175365", "f414c8f76fa586fbdfb4"
ZALO_KEY = "demoKhoaBiMatKhongPhaiThat"  # as the next ones: of the sandbox only
ZALO_REFRESH = "demo-refresh-token-khong-phai-that"
FACEBOOK_PAGE, FACEBOOK_TOKEN = "104202604212021", "EAAdemoKhongPhaiThat0000000000"

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


CONTACTS: tuple[tuple[str, str, str, Contact.Purpose, str, tuple[str, ...]], ...] = (
    (PRESS, "Ban Thời sự", "Trực biên tập", Contact.Purpose.BROADCAST, "0205 3000 101",
     ("phat-thanh", "truyen-hinh")),
    (PRESS, "Tòa soạn báo", "Thư ký tòa soạn", Contact.Purpose.PRESS, "0205 3000 102",
     ("bao-chi",)),
    ("so-noi-vu", "Phòng Cải cách hành chính", "Bộ phận giải đáp", Contact.Purpose.OFFICE,
     "0205 3000 103", ()),
)  # fmt: skip


def load_contacts() -> None:
    """Fill the contact book unless somebody has, and name whom to call about each channel."""
    if Contact.objects.exists():
        return
    for owner, name, position, purpose, phone, channels in CONTACTS:
        contact = Contact.objects.create(
            organisation=Organisation.objects.get(code=owner),
            name=name,
            position=position,
            purpose=purpose,
            phone=phone,
            note="Số điện thoại trình diễn",
        )
        for channel in Channel.objects.filter(slug__in=channels):
            channel.contacts.add(contact)


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


def load_social() -> int:
    """Create Zalo and Facebook accounts and their channels; return how many channels are new."""
    seed_zalo(
        ZALO_OA, "Cải cách hành chính Lạng Sơn", app_id=ZALO_APP, app_secret=ZALO_KEY,
        refresh_token=ZALO_REFRESH, groups={ZALO_GROUP: "Tổ công nghệ số cộng đồng"},
    )  # fmt: skip
    seed_zalo(
        "4318042027", "Tài khoản để thử kết nối", app_id="2958175366", app_secret=ZALO_KEY,
        refresh_token=f"{ZALO_REFRESH}-2", groups={"7a1c05c2e88f61d1389e": "Nhóm để thử"},
    )  # fmt: skip
    seed_facebook(FACEBOOK_PAGE, "Cải cách hành chính Lạng Sơn", token=FACEBOOK_TOKEN)
    access = {"app_secret": ZALO_KEY, "refresh_token": ZALO_REFRESH}
    few: dict[str, Any] = {"owner": "so-noi-vu", "takes_sections": ["cong-vu"]}
    group: dict[str, Any] = {"app_id": ZALO_APP, "place": "group", "group_id": ZALO_GROUP}
    return sum(
        (
            add(
                slug="zalo-cchc",
                name="Zalo OA CCHC",
                kind="zalo",
                options={"app_id": ZALO_APP, "cover": cover(), "broadcast": "urgent"},
                secret=encrypt(json.dumps(access)),
                **few,
            ),
            add(
                slug="zalo-to-cong-nghe",
                name="Nhóm Zalo Tổ công nghệ số",
                kind="zalo",
                options={**group, "secret_of": "zalo-cchc"},
                owner="so-noi-vu",
                takes_levels=["urgent"],
            ),
            add(
                slug="facebook-cchc",
                name="Trang Facebook CCHC",
                kind="facebook",
                options={"page_id": FACEBOOK_PAGE},
                secret=encrypt(json.dumps({"page_token": FACEBOOK_TOKEN})),
                **few,
            ),
        )
    )


def cover() -> str:
    """Return the address of the newest picture of the library that Zalo takes as a cover."""
    picture = Picture.objects.order_by("pk").first()
    path = picture.get_rendition("fill-1200x630|format-jpeg").url if picture else "/bia.jpg"
    return urljoin(f"{settings.WAGTAILADMIN_BASE_URL}/", path)


def add(*, slug: str, owner: str, **values: Any) -> bool:
    """Create the channel unless there is one of that slug. Returns whether it did."""
    _channel, created = Channel.objects.get_or_create(
        slug=slug,
        defaults={
            **values,
            "owner": Organisation.objects.filter(code=owner).first(),
            "is_active": True,
        },
    )
    return created
