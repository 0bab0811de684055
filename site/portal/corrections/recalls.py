"""Copies that nobody can edit from a distance: what is to be done about them, and by whom."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import RefusedError
from portal.models import Correction, PhysicalCopy, RecallTask
from portal.models.corrections import TIME_TO_REPLACE, TIME_TO_TAKE_DOWN

Kind = PhysicalCopy.Kind
Todo = RecallTask.Todo
PRINTED_OR_SPOKEN = {Kind.NEWSPAPER, Kind.BROADCAST}  # what is out is out


def todo_for(copy: PhysicalCopy, correction: Correction) -> RecallTask.Todo | None:
    """Return what the correction asks of the copy; ``None`` when it asks nothing."""
    if not correction.is_withdrawal and not (correction.is_noted and correction.kind == "correct"):
        return None
    if copy.kind in PRINTED_OR_SPOKEN:
        return Todo.ANNOUNCE
    return Todo.TAKE_DOWN if correction.is_withdrawal else Todo.REPLACE


def give_out(correction: Correction) -> list[RecallTask]:
    """Turn every copy that is still about into a task. An older open task gives way to it."""
    copies = PhysicalCopy.objects.filter(page=correction.page_id, gone_at=None)
    return [task for copy in copies if (task := give(copy, correction)) is not None]


def give(copy: PhysicalCopy, correction: Correction) -> RecallTask | None:
    """Make the task for one copy, if the correction asks anything of it."""
    todo = todo_for(copy, correction)
    if todo is None:
        return None
    time = TIME_TO_TAKE_DOWN if correction.is_withdrawal else TIME_TO_REPLACE
    task = RecallTask.objects.create(
        copy=copy, correction=correction, todo=todo, due_at=correction.at + time
    )
    copy.tasks.open().exclude(pk=task.pk).update(replaced_by=task)
    return task


def record_copy(copy: PhysicalCopy, page: Any, user: Any) -> PhysicalCopy:
    """Store a copy of the item. One of a withdrawn item is a task at once."""
    copy.page_id, copy.recorded_by = page.pk, user
    copy.save()
    audit.record(page, "portal.record_copy", user, copy=str(copy), quantity=copy.quantity)
    last = Correction.objects.of_story(page.story).newest_first().first()
    if last is not None and last.is_withdrawal:
        give(copy, last)
    return copy


def may_finish(task: RecallTask, user: Any) -> bool:
    """Whether it is the person's task, their agency's, or they may change any."""
    return RecallTask.objects.of(user).filter(pk=task.pk).exists()


def finish(task: RecallTask, user: Any) -> None:
    """Mark the task, which carries its note and photo, as done. Raises ``RefusedError``."""
    if not RecallTask.objects.open().filter(pk=task.pk).exists():
        raise RefusedError(_("Somebody has done this already. Nothing was changed."))
    task.done_at, task.done_by = timezone.now(), user
    task.save(update_fields=["done_at", "done_by", "note", "photo"])
    if task.todo == Todo.TAKE_DOWN:
        PhysicalCopy.objects.filter(pk=task.copy_id).update(gone_at=task.done_at)
    page = task.copy.page.specific
    audit.record(page, "portal.finish_recall", user, copy=str(task.copy), note=task.note)
