"""Deliveries that were handed to a person, as tasks: what to do, until when, with which pack."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Collection
from wagtail.permissions import page_permission_policy

from channels import delivery
from channels.contract import Message
from channels.models import Action, Delivery, DeliveryQuerySet, State
from channels.payload import message_from_json
from media.models import Picture
from portal import publishing
from portal.models import StoryPage


def all_rows() -> DeliveryQuerySet:
    """Return every delivery with what a task shows of it, without secrets and frozen contents."""
    rows: DeliveryQuerySet = Delivery.objects.select_related("channel", "publication")
    return rows.prefetch_related("channel__contacts__organisation").defer(
        "channel__secret", "publication__content"
    )


def open_rows() -> DeliveryQuerySet:
    """Return what waits for a person, the most pressing first."""
    waiting = Delivery.objects.handed_over().values("pk")
    return all_rows().filter(pk__in=waiting).order_by("due_at", "pk")


@dataclass(frozen=True)
class Task:
    """One delivery that a person carries."""

    row: Delivery
    now: datetime

    @property
    def is_overdue(self) -> bool:
        return self.row.state == State.AWAITING and self.row.due_at <= self.now

    @property
    def takes_down(self) -> bool:
        return self.row.action == Action.RETRACT

    @cached_property
    def message(self) -> Message:
        """What to post, pin up or say; of a withdrawal, what stands there."""
        return message_from_json(self.row.payload)

    @property
    def stands_at(self) -> str:
        """Where the item can be seen, if a person gave an address of it before."""
        receipt = self.row.receipt or {}
        return web_only(str(receipt.get("address") or ""))

    @property
    def opens(self) -> str:
        """The address of the group or page, if the channel knows one."""
        return web_only(str(self.row.channel.options.get("link") or ""))


def web_only(address: str) -> str:
    """Return the address if it is one of the web, else ""."""
    return address if address.startswith(("https://", "http://")) else ""


def page_of(row: Delivery) -> StoryPage | None:
    """Return the item, if it still exists."""
    return publishing.page_of_story(row.story)


def may_finish(row: Delivery, user: Any) -> bool:
    """Whether the person may say what came of it: those who settle deliveries of the item.

    Of an item that was deleted, those who may publish any.
    """
    page = page_of(row)
    if page is None:
        return bool(page_permission_policy.user_has_permission(user, "publish"))
    return bool(page.permissions_for_user(user).can_settle_deliveries())


def finish(row: Delivery, user: Any, *, note: str, address: str, photo: Any) -> None:
    """Confirm it with its proof. Raises ``delivery.NotAllowed``; then no photo is kept."""
    _still_open(row)
    picture = None
    try:
        with transaction.atomic():
            picture = keep_photo(row, photo, user) if photo else None
            number = picture.pk if picture else None
            delivery.confirm(row, user, note, address=address, photo=number)
    except delivery.NotAllowed:
        if picture is not None:
            picture.file.delete(save=False)
        raise


def give_up(row: Delivery, user: Any, reason: str) -> None:
    """Record that it will not be done, and why. Raises ``delivery.NotAllowed``."""
    _still_open(row)
    delivery.cancel(row, user, reason)


def _still_open(row: Delivery) -> None:
    if not Delivery.objects.handed_over().filter(pk=row.pk).exists():
        raise delivery.NotAllowed(_("This was settled already, or something newer took its place."))


def keep_photo(row: Delivery, file: Any, user: Any) -> Picture:
    """Store the photo that proves it, described by what it shows."""
    title = f"{row.channel.name}: {row.publication.title}"
    return Picture.objects.create(
        title=title[:255],
        description=f"{row.get_action_display()} · {title}"[:255],
        file=file,
        collection=Collection.get_first_root_node(),
        uploaded_by_user=user,
        credit=str(user),
    )


def photo_of(row: Delivery) -> Picture | None:
    """Return the photo of the receipt, if there is one and nobody deleted it."""
    number = ((row.receipt or {}).get("details") or {}).get("photo")
    return Picture.objects.filter(pk=number).first() if isinstance(number, int) else None


def as_tasks(rows: Any) -> list[Task]:
    """Return the deliveries as tasks, all seen at one moment."""
    now = timezone.now()
    return [Task(row, now) for row in rows]
