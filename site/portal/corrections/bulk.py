"""Taking several items back at once, for one reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction
from wagtail.models import Page

from portal.corrections import withdrawing
from portal.corrections.forms import Choice, WithdrawalForm
from portal.models import StoryPage


class WithdrawBulkAction(UnpublishBulkAction):
    """In place of Wagtail's, which asks for no reason."""

    display_name = _("Withdraw")
    aria_label = _("Withdraw the chosen items")
    template_name = "portal/admin/corrections/bulk.html"
    form_class = WithdrawalForm

    def check_perm(self, page: Page) -> bool:
        item = page.specific
        if isinstance(item, StoryPage):
            return withdrawing.may_withdraw(item, self.request.user)
        return bool(super().check_perm(page))

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user, "choice": self.cleaned_form.choice()}

    @classmethod
    def execute_action(
        cls, objects: list[Page], *, user: Any, choice: Choice, **kwargs: Any
    ) -> tuple[int, int]:
        for page in objects:
            item = page.specific
            if isinstance(item, StoryPage):
                withdrawing.withdraw(item, user, choice)
            else:
                page.unpublish(user=user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d item has been withdrawn.",
            "%(count)d items have been withdrawn.",
            num_parent_objects,
        ) % {"count": num_parent_objects}
