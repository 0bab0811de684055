"""Who is told what, in the admin and by mail. One function for each kind of event."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import TaskState, WorkflowState

from campaigns.models import Plan
from channels.calling.models import Call
from channels.models import Channel, Delivery, State
from editorial.models import Notice, Override
from editorial.review import mailing
from editorial.review.fresh import clock_time, name_of
from organisations.models import User
from portal.models import Correction, RecallTask, StoryPage

Verb = Notice.Verb
LANGUAGE = "vi"  # notices are kept as text, in the language of the office


def tell(users: Iterable[User | None], verb: Verb, text: str, url: str, about: str = "") -> int:
    """Tell each of these people once; mail follows the commit. Returns how many were told.

    Nobody is told twice ``about`` the same thing, and who is no longer active is not told.
    """
    people = {user.pk: user for user in users if user is not None and user.is_active}
    if about:
        told = Notice.objects.filter(about=about, user__in=people).values_list("user", flat=True)
        people = {key: user for key, user in people.items() if key not in set(told)}
    notices = Notice.objects.bulk_create(
        Notice(user=user, verb=verb, text=text, url=url, about=about) for user in people.values()
    )
    if notices:
        keys = [notice.pk for notice in notices]
        transaction.on_commit(lambda: mailing.mail.enqueue(keys), robust=True)
    return len(notices)


def of_submission(state: TaskState, by: Any) -> int:
    """Tell those who do the step that an item waits for them, except who sent it."""
    page = subject(state.workflow_state)
    if page is None:
        return 0
    with override(LANGUAGE):
        text = _("“%(title)s” waits for you at the step “%(step)s”, sent by %(who)s.") % {
            "title": title_of(page),
            "step": state.task.name,
            "who": name_of(by),
        }
    people = members(state.task).exclude(pk=getattr(by, "pk", None))
    return tell(people, Verb.SUBMITTED, text, address(page))


def of_return(state: TaskState, by: Any) -> int:
    """Tell the author, and who submitted it, that it came back, and why."""
    page = subject(state.workflow_state)
    if page is None:
        return 0
    with override(LANGUAGE):
        text = _("%(who)s sent “%(title)s” back to you: %(comment)s") % {
            "who": name_of(by),
            "title": title_of(page),
            "comment": state.comment,
        }
    people = concerned(page, state.workflow_state, by)
    return tell(people, Verb.RETURNED, text, editor_of(page))


def of_approval(running: WorkflowState, by: Any) -> int:
    """Tell the author that the item is approved but not yet out. Publishing tells by itself."""
    page = subject(running)
    if isinstance(page, Plan):
        return of_approved_plan(page, running, by)
    if page is None or page.scheduled_revision is None:
        return 0
    with override(LANGUAGE):
        text = _("%(who)s approved “%(title)s”. It goes out at its time.") % {
            "who": name_of(by),
            "title": title_of(page),
        }
    return tell(concerned(page, running, by), Verb.APPROVED, text, address(page))


def of_approved_plan(plan: Plan, running: WorkflowState, by: Any) -> int:
    """Tell who submitted a plan that it is approved and public."""
    with override(LANGUAGE):
        text = _("%(who)s approved the plan “%(title)s”.") % {
            "who": name_of(by),
            "title": title_of(plan),
        }
    return tell(concerned(plan, running, by), Verb.APPROVED, text, address(plan))


def of_publication(page: StoryPage, by: Any) -> int:
    """Tell the author, and who submitted it last, that readers can see it."""
    running = page.workflow_states.order_by("-created_at", "-pk").first()
    with override(LANGUAGE):
        text = _("“%(title)s” is published.") % {"title": title_of(page)}
    return tell(concerned(page, running, by), Verb.PUBLISHED, text, address(page))


def of_override(record: Override) -> int:
    """Tell the other approvers that something was published urgently, to be reviewed."""
    with override(LANGUAGE):
        text = _("%(who)s published “%(title)s” urgently: %(reason)s") % {
            "who": name_of(record.user),
            "title": record.title,
            "reason": record.reason,
        }
    people = holders("editorial", "change_override").exclude(pk=record.user_id)
    return tell(people, Verb.OVERRIDE, text, reverse("editorial_override", args=[record.pk]))


def of_overdue(state: TaskState, deadline: datetime) -> int:
    """Remind those who do the step, once, that its deadline has passed."""
    page = subject(state.workflow_state)
    with override(LANGUAGE):
        text = _("“%(title)s” should have passed the step “%(step)s” by %(when)s.") % {
            "title": title_of(page),
            "step": state.task.name,
            "when": clock_time(deadline),
        }
    return tell(members(state.task), Verb.OVERDUE, text, address(page), f"overdue:{state.pk}")


def of_missed(page: StoryPage, moment: datetime, about: str) -> int:
    """Tell the author and the approvers that an approved item did not go out at its time."""
    with override(LANGUAGE):
        text = _("“%(title)s” should have gone out at %(when)s and did not.") % {
            "title": title_of(page),
            "when": clock_time(moment),
        }
    people = [page.owner, *holders("editorial", "add_override")]
    return tell(people, Verb.MISSED, text, address(page), about)


def of_failure(page: StoryPage, delivery: Delivery) -> int:
    """Tell the author that the item did not reach a channel."""
    with override(LANGUAGE):
        text = _("“%(title)s” did not reach %(channel)s: %(reason)s") % {
            "title": title_of(page),
            "channel": delivery.channel.name,
            "reason": delivery.reason,
        }
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return tell([page.owner], Verb.FAILED, text, url, f"delivery:{delivery.pk}:{delivery.state}")


def of_withdrawal(page: StoryPage, correction: Correction) -> int:
    """Tell the authors that readers no longer see the item, and why."""
    with override(LANGUAGE):
        text = _("%(who)s withdrew “%(title)s”: %(reason)s") % {
            "who": name_of(correction.user),
            "title": correction.title,
            "reason": correction.reason,
        }
    url = reverse("portal_ripple", args=[page.pk])
    return tell(concerned(page, None, correction.user), Verb.WITHDRAWN, text, url)


def of_recall(task: RecallTask) -> int:
    """Tell who looks after a copy what to do: the person, or else the agency."""
    copy = task.copy
    with override(LANGUAGE):
        text = _("“%(title)s”, %(copy)s: %(todo)s by %(when)s.") % {
            "title": task.correction.title,
            "copy": copy,
            "todo": task.get_todo_display(),
            "when": clock_time(task.due_at),
        }
    agency = User.objects.filter(organisations=copy.organisation, is_active=True)
    people = [copy.holder] if copy.holder else list(agency) if copy.organisation else []
    url = reverse("portal_recall", args=[task.pk])
    return tell(people, Verb.RECALL, text, url, f"recall:{task.pk}")


def of_stopped_channel(channel: Channel, reason: str) -> int:
    """Tell those responsible for a channel, else the administrators, and say what to do.

    Once for each stop: one that a person started again may stop again.
    """
    waiting = channel.deliveries.filter(state=State.PENDING).count()
    with override(LANGUAGE):
        text = _(
            "The channel “%(channel)s” has stopped: %(reason)s Put the cause right, check the "
            "connection on the channel's page, then start it again. Items that wait: %(count)d."
        ) % {"channel": channel.name, "reason": _sentence(reason), "count": waiting}
    return _of_channel(channel, text, f"{channel.stopped_at:%Y%m%d%H%M%S}")


def of_silent_channel(channel: Channel, reason: str) -> int:
    """Tell the same people that a receiver does not answer and is left alone, once each time."""
    waiting = channel.deliveries.filter(state=State.PENDING).count()
    with override(LANGUAGE):
        text = _(
            "The channel “%(channel)s” does not answer: %(reason)s The system asks it again by "
            "itself, and sends what waits as soon as it answers. Items that wait: %(count)d."
        ) % {"channel": channel.name, "reason": _sentence(reason), "count": waiting}
    return _of_channel(channel, text, _break_of(channel))


def of_mended_channel(channel: Channel) -> int:
    """Tell the same people that the receiver answers again."""
    with override(LANGUAGE):
        text = _("The channel “%(channel)s” answers again. What waited is being sent.") % {
            "channel": channel.name
        }
    return _of_channel(channel, text, f"{_break_of(channel)}:over")


def _break_of(channel: Channel) -> str:
    return f"break:{channel.broken_at:%Y%m%d%H%M%S}"


def _of_channel(channel: Channel, text: str, about: str) -> int:
    people = list(channel.responsible.filter(is_active=True)) or administrators()
    url = reverse("channels:edit", args=[channel.pk])
    return tell(people, Verb.CHANNEL, text, url, f"channel:{channel.pk}:{about}")


def of_unanswered_call(page: StoryPage, call: Call) -> int:
    """Tell the author and the board that an officer did not acknowledge an urgent announcement."""
    with override(LANGUAGE):
        text = _(
            "%(officer)s has not acknowledged the urgent announcement “%(title)s”, told %(count)d "
            "times. Telephone: %(phone)s."
        ) % {
            "officer": call.contact,
            "title": call.publication.title,
            "count": call.sent_count,
            "phone": call.contact.phone or "—",
        }
    people = [page.owner, *holders("editorial", "add_override")]
    return tell(people, Verb.CALL, text, address(page), f"call:{call.pk}")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def administrators() -> list[User]:
    """Return the active people who may change channels."""
    superusers = User.objects.filter(is_superuser=True, is_active=True)
    return [*holders("channels", "change_channel"), *superusers]


def subject(running: WorkflowState) -> StoryPage | Plan | None:
    """Return the item or the plan that a workflow carries; nobody is told of other things."""
    found = running.content_object
    if isinstance(found, Plan):
        return found
    specific = getattr(found, "specific", None)
    return specific if isinstance(specific, StoryPage) else None


def title_of(page: Any) -> str:
    """Return the headline as it is now, which for a draft is not yet the page's own."""
    if isinstance(page, Plan):
        return page.label
    return str(page.draft_title or page.title).strip("“”")  # it stands in quotation marks


def address(page: Any) -> str:
    if isinstance(page, Plan):
        return editor_of(page)
    return reverse("editorial_review_item", args=[page.pk])


def editor_of(page: Any) -> str:
    name = "campaigns_plans:edit" if isinstance(page, Plan) else "wagtailadmin_pages:edit"
    return reverse(name, args=[page.pk])


def concerned(page: StoryPage | Plan, running: WorkflowState | None, by: Any) -> list[User]:
    """Return the authors and who submitted the item, except the person at work."""
    keys = set() if isinstance(page, Plan) else set(page.author_ids())
    if running is not None and running.requested_by_id:
        keys.add(running.requested_by_id)
    return list(User.objects.filter(pk__in=keys - {getattr(by, "pk", None)}))


def members(task: Any) -> Any:
    """Return those who do a step."""
    groups = getattr(task.specific, "groups", None)
    return User.objects.filter(groups__in=groups.all() if groups else [], is_active=True).distinct()


def holders(app: str, codename: str) -> Any:
    """Return the active people who hold a permission through their groups or by themselves."""
    held = Permission.objects.filter(content_type__app_label=app, codename=codename)
    either = Q(groups__permissions__in=held) | Q(user_permissions__in=held)
    return User.objects.filter(either, is_active=True).distinct()
