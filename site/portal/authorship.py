"""The part of an article's form that says who wrote it."""

from typing import Any

from django.utils.translation import gettext as _

from portal.models.authors import WHOLE, Authorship, author_of
from portal.scheduling import SchedulingForm

NAME = "authorships"


class AuthorshipForm(SchedulingForm):
    """Sees that shares add up; takes the writer as the author of a new item under their name."""

    def is_valid(self) -> bool:
        valid: bool = super().is_valid()
        if not valid or self.is_deferred_validation:
            return valid
        shares = [data["share"] for data in self.authors_given() if data.get("share")]
        if shares and sum(shares) != WHOLE:
            message = _("The shares of the authors add up to %(sum)s %%, not 100 %%.")
            self.add_error(None, message % {"sum": sum(shares)})
            return False
        return valid

    def authors_given(self) -> list[dict[str, Any]]:
        """Return what was entered for each author, those taken out aside."""
        formset = self.formsets.get(NAME)
        entered = [form.cleaned_data for form in formset.forms] if formset is not None else []
        return [data for data in entered if data.get("author") and not data.get("DELETE")]

    def save(self, commit: bool = True) -> Any:
        is_new = self.instance.pk is None
        authors = [data["author"] for data in self.authors_given()]
        if NAME in self.formsets and not self.instance.byline and authors:
            self.instance.byline = ", ".join(author.byline for author in authors)
        page = super().save(commit=commit)
        own = getattr(self.for_user, "byline", "")
        if is_new and NAME in self.formsets and not authors and own and page.byline == own:
            page.authorships = [Authorship(author=author_of(self.for_user))]
        return page
