"""Groups with their permissions, and the approval workflow of the whole site."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import migrations

APPS = (
    "wagtailcore",
    "wagtailadmin",
    "wagtailusers",
    "wagtailredirects",
    "wagtailimages",
    "wagtaildocs",
    "auth",
    "organisations",
    "media",
    "channels",
    "campaigns",
    "portal",
    "ingest",
)

ACCESS = ["wagtailadmin.access_admin"]
PLANS_READ = ["campaigns.view_plan", "campaigns.view_activity", "organisations.view_organisation"]
PLANS = [
    *PLANS_READ,
    *(
        f"campaigns.{verb}_{model}"
        for verb in ("add", "change", "delete")
        for model in ("plan", "activity")
    ),
    "campaigns.publish_plan",
    "organisations.add_organisation",
    "organisations.change_organisation",
]
CHANNELS_READ = ["channels.view_channel", "channels.view_delivery"]
EVERYTHING_OF = (
    "organisations",
    "media",
    "channels",
    "campaigns",
    "portal",
    "ingest",
    "auth",
    "wagtailredirects",
    "wagtailcore",
    "wagtailadmin",
)

# group: (model permissions, on all pages, on pictures and documents of all collections)
WRITE = ["add"]
LIBRARY = ["add", "choose"]
ROLES = {
    "Phóng viên": ([*ACCESS, "campaigns.view_plan"], WRITE, LIBRARY),
    "Biên tập viên": (
        [*ACCESS, *PLANS_READ, *CHANNELS_READ],
        ["add", "change"],
        [*LIBRARY, "change"],
    ),
    "Ban Biên tập": (
        [*ACCESS, *PLANS_READ, *CHANNELS_READ],
        ["add", "change", "publish", "lock", "unlock", "bulk_delete"],
        [*LIBRARY, "change"],
    ),
    "Chuyên viên kế hoạch": ([*ACCESS, *PLANS], [], LIBRARY),
    "Công chức đầu mối": ([*ACCESS, *PLANS_READ], [], []),
    "Quản trị viên": (
        ACCESS,
        ["add", "change", "publish", "lock", "unlock", "bulk_delete"],
        [*LIBRARY, "change", "delete"],
    ),
}
PAGE_CODENAMES = {
    verb: f"{verb}_page" for verb in ("add", "change", "publish", "lock", "unlock", "bulk_delete")
}


def make_permissions():
    """Permissions are made after all migrations; these are needed now."""
    for label in APPS:
        config = installed.get_app_config(label)
        create_contenttypes(config, verbosity=0)
        create_permissions(config, verbosity=0)


def make_publish_permission(apps):
    """Wagtail adds this one itself, but only after all migrations."""
    content_type = apps.get_model("contenttypes", "ContentType").objects.get(
        app_label="campaigns", model="plan"
    )
    apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="publish_plan", defaults={"name": "Can publish plan"}
    )


def find(Permission, dotted):
    label, codename = dotted.split(".")
    try:
        return Permission.objects.get(content_type__app_label=label, codename=codename)
    except Permission.DoesNotExist as error:
        raise LookupError(f"There is no permission {dotted}") from error


def create_roles(apps, schema_editor):
    make_permissions()
    make_publish_permission(apps)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, (codes, on_pages, on_library) in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([find(Permission, code) for code in codes])
        if name == "Quản trị viên":
            group.permissions.add(
                *Permission.objects.filter(content_type__app_label__in=EVERYTHING_OF)
            )
        grant_pages(apps, group, on_pages)
        grant_library(apps, group, on_library)
    grant_collections(apps, Group.objects.get(name="Quản trị viên"))
    retire_defaults(apps)
    create_workflow(apps)


def grant_pages(apps, group, verbs):
    Permission = apps.get_model("auth", "Permission")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for verb in verbs:
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore",
            content_type__model="page",
            codename=PAGE_CODENAMES[verb],
        )
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=group, page=root, permission=permission
        )


def grant_library(apps, group, verbs):
    """Wagtail asks for the permissions of its own models, whatever model is in use."""
    Permission = apps.get_model("auth", "Permission")
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for verb in verbs:
        for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
            permission = Permission.objects.get(
                content_type__app_label=app, codename=f"{verb}_{model}"
            )
            apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
                group=group, collection=root, permission=permission
            )


def grant_collections(apps, group):
    """Collections themselves are kept by those who are granted the root one, not by model."""
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for verb in ("add", "change", "delete"):
        permission = find(apps.get_model("auth", "Permission"), f"wagtailcore.{verb}_collection")
        apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
            group=group, collection=root, permission=permission
        )


def retire_defaults(apps):
    """Wagtail's own English groups and workflow would stand beside ours."""
    apps.get_model("wagtailcore", "Workflow").objects.all().delete()
    apps.get_model("wagtailcore", "Task").objects.all().delete()
    apps.get_model("auth", "Group").objects.filter(name__in=["Moderators", "Editors"]).delete()


def create_workflow(apps):
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task = apps.get_model("wagtailcore", "GroupApprovalTask").objects.create(
        name="Ban Biên tập duyệt", active=True, content_type=content_type
    )
    task.groups.set(apps.get_model("auth", "Group").objects.filter(name="Ban Biên tập"))
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(
        name="Duyệt tin bài", active=True
    )
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task=task, sort_order=0
    )
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page=root)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("campaigns", "0001_initial"),
        ("channels", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("ingest", "0001_initial"),
        ("media", "0001_initial"),
        ("organisations", "0001_initial"),
        ("portal", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]
    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]
