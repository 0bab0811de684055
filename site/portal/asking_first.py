"""The editor never drops what somebody else did meanwhile, or what this person typed, unasked."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Revision

from portal.permissions import StoryPermissionTester, written_by


class AsksFirst:
    """Mixed into the editor's view.

    Wagtail asks in the browser before a newer version is overwritten, and saves without a question
    where its script did not run or knew nothing yet. Here the server asks as well: the first try
    changes nothing and keeps the form; the second, which then knows the newer version, saves.
    """

    request: HttpRequest
    page: Any
    latest_revision: Revision | None
    page_perms: StoryPermissionTester

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.page_perms.holds_publishing() and self.page.has_unpublished_changes:
            reason = written_by(self.page, request.user)
            if reason:
                messages.info(request, reason)
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.expects_json_response and not self.page.alias_of_id:  # type: ignore[attr-defined]
            problem = self.step_is_over() or self.newer_version()
            if problem:
                return self.ask(problem)
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def save_action(self) -> HttpResponse:
        """Save the draft, and say so where publishing was asked for and is not allowed."""
        response: HttpResponse = super().save_action()  # type: ignore[misc]
        if self.request.POST.get("action-publish") and self.page_perms.holds_publishing():
            messages.warning(
                self.request,
                written_by(self.page, self.request.user) or _("Saved as a draft, not published."),
            )
        return response

    def ask(self, problem: str | SafeString) -> HttpResponse:
        """Show the form as it was sent, with what stands in the way. Nothing was saved."""
        self.form = self.form_class(  # type: ignore[attr-defined]
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,  # type: ignore[attr-defined]
            parent_page=self.parent,  # type: ignore[attr-defined]
            for_user=self.request.user,
        )
        self.form.is_valid()
        messages.error(self.request, problem)
        self.has_unsaved_changes = True
        self.errors_debug = ""
        response: HttpResponse = self.render_to_response(  # type: ignore[attr-defined]
            self.get_context_data()  # type: ignore[attr-defined]
        )
        return response

    def newer_version(self) -> str | SafeString:
        """Say who saved a version that the form does not know; "" if it knows the newest."""
        newest = self.latest_revision
        if newest is None or not self.is_out_of_date:  # type: ignore[attr-defined]
            return ""
        known = self.request.POST.get("loaded_revision_id", "")
        if self.is_own(known, newest):
            return ""
        who = newest.user.get_full_name() or newest.user.get_username() if newest.user else "–"
        return format_html(
            '{} <a href="{}" target="_blank" rel="noreferrer">{}</a>. {}',
            _("%(who)s saved a newer version at %(when)s. Nothing of yours was saved yet.")
            % {"who": who, "when": f"{timezone.localtime(newest.created_at):%H:%M %d/%m/%Y}"},
            self.comparison(known, newest),
            _("Compare"),
            _("Your text is still in the form: save again to put it in the place of that version."),
        )

    def is_own(self, known: str, newest: Revision) -> bool:
        """Whether nobody else saved since: the form keeps its old number while it saves itself.

        Of two windows of one person Wagtail's script warns; the history keeps what either saved.
        """
        user = self.request.user
        if newest.user_id != user.pk or not known.isdecimal():
            return False
        later = self.page.revisions.filter(pk__gt=int(known))
        return not later.exclude(user=user).exists()

    def comparison(self, known: str, newest: Revision) -> str:
        """Return the address that shows what changed since the version the form was made from."""
        if known.isdecimal() and int(known) != newest.pk:
            arguments = [self.page.pk, known, newest.pk]
            return reverse("wagtailadmin_pages:revisions_compare", args=arguments)
        return reverse("wagtailadmin_pages:history", args=[self.page.pk])

    def step_is_over(self) -> str:
        """Say that the step to be done is over, with the comment typed for it; "" if it waits."""
        post = self.request.POST
        if not post.get("action-workflow-action") or self.workflow_action_is_valid():  # type: ignore[attr-defined]
            return ""
        why = written_by(self.page, self.request.user) if self.waits_for_approval() else ""
        message = why or _("Somebody else has done this step meanwhile. Nothing was done or saved.")
        comment = comment_in(post.get("workflow-action-extra-data", ""))
        return f"{message} {_('Your comment was: “%s”') % comment}" if comment else message

    def waits_for_approval(self) -> bool:
        return self.page.current_workflow_task is not None and self.page_perms.holds_publishing()


def comment_in(extra: str) -> str:
    """Return the comment among the data a dialogue collected; "" without one."""
    try:
        data = json.loads(extra or "{}")
    except ValueError:
        return ""
    return str(data.get("comment", "")) if isinstance(data, dict) else ""
