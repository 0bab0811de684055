"""The demo province: agencies, people, channels, plans, and a news desk at work.

Safe to repeat: what is there already is left as people have made it.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

import campaigns.chasing.demo
import campaigns.demo
import campaigns.demo_parts
import campaigns.events.demo
import campaigns.ownplans.demo
import campaigns.reporting.demo
import campaigns.scoring.demo
import organisations.demo
from core.text import slugify
from editorial.demo import afterwards, field, items, outlets, people, royalties
from editorial.demo.texts import read
from editorial.desk import starters
from organisations.models import Organisation
from portal import tree
from portal.models import PortalSettings, SectionPage
from portal.tree import Tree

Say = Callable[[str], object]

ACCOUNTS = {person.username: person.role for person in people.PEOPLE}
PASSWORD = people.PASSWORD

TITLE = "Cổng tuyên truyền cải cách hành chính"
PORTAL = {
    "province": "Tỉnh Lạng Sơn",
    "agency": "Cổng tuyên truyền cải cách hành chính",
    "slogan": "Thông tin đúng, hồ sơ gọn, phục vụ người dân",
    "address": "Phường Lương Văn Tri, tỉnh Lạng Sơn",
    "email": "bientap@nhipcau.example",
    "responsible": "Hoàng Minh Đức, Ban Biên tập",
    "licence": "Bản trình diễn, không phải trang thông tin chính thức",
}
GROUP_SINCE_DAYS = 5  # older items went out before the Telegram group was connected
FIELD_SINCE_DAYS = 1  # and these before loudspeakers, other groups, Zalo and Facebook were


@transaction.atomic
def load(say: Say) -> None:
    """Load everything that is missing, or nothing if that fails; tell ``say`` what is there."""
    if not Organisation.objects.exists():
        organisations.demo.load()
    count = Organisation.objects.count()
    say(ngettext("%d agency", "%d agencies", count) % count)
    accounts = people.load()
    say(ngettext("%d account", "%d accounts", len(accounts)) % len(accounts))
    plans = campaigns.demo.load()
    campaigns.demo_parts.load(plans[0])
    campaigns.scoring.demo.load(accounts["daumoi"], accounts["kehoach"])
    campaigns.ownplans.demo.load(plans[-1], accounts["daumoi"], accounts["kehoach"])
    campaigns.reporting.demo.load(accounts["kehoach"])
    campaigns.events.demo.load(plans[-1], accounts["daumoi"], accounts["kehoach"])
    say(_("Plans: %s") % ", ".join(str(plan) for plan in plans))
    pages = plant()
    starters.load()
    desk = items.Desk(tree=pages, people=accounts, plan=plans[-1])
    entries = items.entries()
    royalties.load()
    outlets.load_pull()
    outlets.load_contacts()  # before chasing adds heads of agencies: an empty book is filled
    campaigns.chasing.demo.load(plans[-1], accounts["kehoach"])
    fresh = []
    connecting = {GROUP_SINCE_DAYS: (outlets.load_group, field.load_board),
                  FIELD_SINCE_DAYS: (field.load, outlets.load_social)}  # fmt: skip
    for entry in entries:
        for days in [days for days in connecting if items.age(entry) <= days]:
            for connect in connecting.pop(days):
                connect()
        fresh.append(items.load(entry, desk))
    afterwards.load(desk)
    say(
        _(
            "Channels: portal, feeds, loudspeakers, a notice board; Telegram, Zalo, Facebook in "
            "sandboxes"
        )
    )
    say(_("A station's own page: %s") % f"{settings.WAGTAILADMIN_BASE_URL}{afterwards.PAGE}")
    words = ngettext("%(all)d item, %(new)d new", "%(all)d items, %(new)d new", len(fresh))
    say(words % {"all": len(fresh), "new": sum(fresh)})


def plant() -> Tree:
    """Return the pages of the demo with its sections, and name the portal if nobody has."""
    named = Site.objects.filter(is_default_site=True, root_page__depth__gt=1).first()
    pages = tree.plant((named and named.site_name) or TITLE)
    for entry in read("sections")["section"]:
        is_new = not SectionPage.objects.filter(slug=slugify(entry["name"])).exists()
        section = tree.section(pages, entry["name"])
        if is_new:
            section.intro = entry["intro"]
            section.save_revision().publish()
    names = PortalSettings.load()
    if not any(getattr(names, field) for field in PORTAL):
        for field, text in PORTAL.items():
            setattr(names, field, text)
        names.save()
    return pages
