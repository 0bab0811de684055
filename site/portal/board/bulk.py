"""One verb on many deliveries: what can be done is done, what cannot is named row by row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.permission_policies.pages import PagePermissionPolicy

from channels import delivery
from channels.models import Delivery, DeliveryQuerySet
from portal.deliveries import VERBS
from portal.panels import VERBS as VERBS_BY_STATE
from portal.publishing import page_of_story

MOST_AT_ONCE = 200  # deliveries of one press
BULK = ("send_again", "confirm", "cancel")


@dataclass(slots=True)
class Result:
    """What came of it."""

    done: int = 0
    refused: list[str] = field(default_factory=list)  # each names its item and channel
    left: int = 0  # wanted, but more than one press does


def may_settle(user: Any) -> bool:
    """Whether the person publishes somewhere, and so settles deliveries there."""
    return bool(PagePermissionPolicy().user_has_permission(user, "publish"))


def open_to(rows: DeliveryQuerySet, verb: str) -> DeliveryQuerySet:
    """Return those of the deliveries whose state the verb fits."""
    states = [state for state, verbs in VERBS_BY_STATE.items() if verb in verbs]
    return rows.undelivered().filter(state__in=states, channel__is_test=False)


def act(rows: DeliveryQuerySet, verb: str, user: Any) -> Result:
    """Do the verb on the first ``MOST_AT_ONCE`` of the rows, in the order they were written."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    result = Result(left=max(rows.order_by().count() - MOST_AT_ONCE, 0))
    rights = Rights(user)
    for row in chosen(keys[:MOST_AT_ONCE]):
        problem = attempt(row, verb, user, rights)
        if problem:
            result.refused.append(f"{row.publication.title} → {row.channel.name}: {problem}")
        else:
            result.done += 1
    return result


def chosen(keys: Iterable[int]) -> Iterable[Delivery]:
    rows = Delivery.objects.filter(pk__in=list(keys)).select_related("channel", "publication")
    return rows.defer("publication__content").order_by("pk")


def attempt(row: Delivery, verb: str, user: Any, rights: "Rights") -> str:
    """Do the verb on one delivery. Returns why it was not possible; "" when it was."""
    if not rights.over(row.story):
        return _("You may not decide about this item.")
    try:
        VERBS[verb](row, user)
    except delivery.NotAllowed as refusal:
        return str(refusal)
    return ""


class Rights:
    """Which items a person may decide about; each is asked once."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.known: dict[UUID, bool] = {}

    def over(self, story: UUID) -> bool:
        """Whether the person publishes the item; of one whose page is gone, whether any."""
        if story not in self.known:
            page = page_of_story(story)
            self.known[story] = (
                page.permissions_for_user(self.user).can_settle_deliveries()
                if page is not None
                else may_settle(self.user)
            )
        return self.known[story]
