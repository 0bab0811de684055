"""The workflow of the house in two steps, editing and approval, whatever is under way in it."""

from django.db import migrations

from editorial.granting import grant

EDITING, APPROVAL = "Biên tập", "Ban Biên tập duyệt"
BOARD, EDITORS, ADMINISTRATORS = "Ban Biên tập", "Biên tập viên", "Quản trị viên"
REPORT = ["editorial.view_override"]
WANTED = {
    BOARD: [*REPORT, "editorial.add_override", "editorial.change_override"],
    ADMINISTRATORS: REPORT,
}


def forward(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    kind, _ = ContentType.objects.get_or_create(app_label="editorial", model="reviewtask")
    for old in apps.get_model("wagtailcore", "GroupApprovalTask").objects.all():
        become_review(apps, old, kind)
    for workflow in apps.get_model("wagtailcore", "Workflow").objects.filter(active=True):
        tasks = list(workflow.workflow_tasks.order_by("sort_order"))
        if [place.task.name for place in tasks] == [APPROVAL]:
            put_editing_first(apps, workflow, tasks[0], kind)
    grant(apps, WANTED)


def become_review(apps, old, kind):
    """Turn Wagtail's kind of step into ours, keeping its row, which what is under way points at."""
    Review = apps.get_model("editorial", "ReviewTask")
    groups = list(old.groups.all())
    new = Review(task_ptr_id=old.pk, name=old.name, active=old.active, kind="approve")
    new.content_type_id = kind.pk
    new.save()
    new.groups.set(groups)
    old.groups.clear()
    rows = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(pk=old.pk)
    rows._raw_delete(rows.db)  # its own row alone; the step itself stays


def put_editing_first(apps, workflow, approval, kind):
    """Add the editing step; what is already with the board is past it."""
    editing = apps.get_model("editorial", "ReviewTask").objects.create(
        name=EDITING, active=True, kind="edit", content_type_id=kind.pk
    )
    editing.groups.set(apps.get_model("auth", "Group").objects.filter(name=EDITORS))
    approval.sort_order = 1
    approval.save(update_fields=["sort_order"])
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task_id=editing.pk, sort_order=0
    )
    State = apps.get_model("wagtailcore", "TaskState")
    state_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="taskstate"
    )
    running = apps.get_model("wagtailcore", "WorkflowState").objects.filter(
        workflow=workflow, status__in=["in_progress", "needs_changes"]
    )
    for state in running.select_related("current_task_state"):
        if state.current_task_state is not None:
            State.objects.create(
                workflow_state=state,
                revision_id=state.current_task_state.revision_id,
                task_id=editing.pk,
                status="skipped",
                content_type_id=state_type.pk,
            )


class Migration(migrations.Migration):
    dependencies = [("editorial", "0004_review_steps")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
