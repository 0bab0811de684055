"""Names for fields and columns of Wagtail's that have none.

Without a label, Django and Wagtail make one from the English identifier, and no catalogue can
translate that.
"""

from typing import Any

from django.forms import Form, ModelForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from wagtail.admin.forms import auth, choosers, comments, pages, workflows
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm
from wagtail.contrib.redirects.forms import ConfirmImportForm
from wagtail.contrib.settings.forms import SiteSwitchForm
from wagtail.sites.views import IndexView as SiteIndexView
from wagtail.users.forms import PagePermissionsForm
from wagtail.users.views.bulk_actions.assign_role import RoleForm

LINK_TEXT = {"link_text": _("Link text")}
FIELDS: dict[type[Form] | type[ModelForm[Any]], dict[str, Any]] = {
    auth.LoginForm: {
        "username": _("Username"),
        "password": _("Password"),
        "remember": _("Remember me"),
    },
    choosers.ExternalLinkChooserForm: LINK_TEXT,
    choosers.AnchorLinkChooserForm: {"url": _("Place in the page (#)"), **LINK_TEXT},
    choosers.EmailLinkChooserForm: {
        "email_address": _("Email address"),
        "subject": _("Subject"),
        "body": _("Text of the letter"),
        **LINK_TEXT,
    },
    choosers.PhoneLinkChooserForm: {"phone_number": _("Telephone number"), **LINK_TEXT},
    comments.CommentForm: {"resolved": _("Resolved")},
    pages.WagtailAdminPageForm: {"comment_notifications": _("Comment notifications")},
    workflows.WorkflowPageForm: {"page": _("Page")},
    workflows.WorkflowContentTypeForm: {"content_types": _("Content types")},
    ConfirmImportForm: {"permanent": _("Permanent")},
    DefaultPageForm: {"include_descendants": _("Include the pages below")},
    PagePermissionsForm: {"page": _("Page"), "permissions": _("Permissions")},
    RoleForm: {"role": _("Role")},
    SiteSwitchForm: {"site": _("Site")},
}
# Wagtail translates the name of a permission when it shows it, but lists this one nowhere.
PERMISSIONS = (gettext_noop("Can publish"),)
SITE_COLUMNS = {"port": _("Port"), "site_name": _("Site name"), "root_page": _("Root page")}


def give() -> None:
    """Label every field and column that Wagtail left without a name."""
    for form, labels in FIELDS.items():
        for name, label in labels.items():
            form.base_fields[name].label = label
    for column in SiteIndexView.columns:
        column.label = SITE_COLUMNS.get(column.name, column.label)
