"""Plans are approved by the board: a workflow of one step."""

from django.db import migrations

BOARD = "Ban Biên tập"
NAME = "Duyệt kế hoạch"


def create(apps, schema_editor):
    types = apps.get_model("contenttypes", "ContentType").objects
    of_step, _new = types.get_or_create(app_label="campaigns", model="planapproval")
    step = apps.get_model("campaigns", "PlanApproval").objects.create(
        name=NAME, active=True, content_type_id=of_step.pk
    )
    step.groups.set(apps.get_model("auth", "Group").objects.filter(name=BOARD))
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name=NAME, active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task_id=step.task_ptr_id, sort_order=0
    )
    of_plan, _new = types.get_or_create(app_label="campaigns", model="plan")
    apps.get_model("wagtailcore", "WorkflowContentType").objects.create(
        workflow=workflow, content_type=of_plan
    )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0010_plan_approval"),
        ("editorial", "0025_plan_parts"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
