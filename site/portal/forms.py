"""The form items are edited with."""

from itertools import chain, count
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.text import slugify
from portal.authorship import AuthorshipForm
from portal.variants.composers import Master
from portal.variants.forms import NAME, VariantsField, apply
from portal.variants.publishing import problems
from portal.variants.stored import all_written
from portal.variants.texts import master_of, variants_of


class StoryPageForm(AuthorshipForm):
    """Offers the active channels, and the writer's own name for a new item."""

    channels_off = forms.MultipleChoiceField(
        label=_("Channels left out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("This item is not sent to the channels ticked here."),
    )
    variant_texts = VariantsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial[NAME] = all_written(variants_of(self.instance))
        if "channels_off" in self.fields:
            self.fields["channels_off"].choices = self.channel_choices()
        if "contact" in self.fields:  # asked for once, where the widget would do so twice
            self.fields["contact"].choices = list(self.fields["contact"].choices)
        if self.instance.pk is None and "byline" in self.fields:
            self.fields["byline"].initial = getattr(self.for_user, "byline", "")
            # The instance of a new page has an empty byline, which would win over ``initial``.
            self.initial["byline"] = self.instance.byline or self.fields["byline"].initial

    @cached_property
    def master(self) -> Master:
        """The master text as the form leaves it: what was loaded, or what was posted."""
        return master_of(self.instance)

    def _post_clean(self) -> None:
        posted = self.cleaned_data.get(NAME)
        before = master_of(self.instance) if posted else None
        super()._post_clean()
        if posted and before:
            apply(self.instance, posted, before=before, now=self.master)
        if not self.is_deferred_validation:  # a draft may be as long as it likes
            for problem in problems(variants_of(self.instance)):
                self.add_error(NAME, problem)

    def clean_slug(self) -> str:
        """Count on where the address made of the title is taken: titles come again each month."""
        slug: str = self.cleaned_data["slug"]
        made_of_title = slug == slugify(str(self.data.get("title", "")))
        if not made_of_title or self.instance.first_published_at:
            return slug
        numbered = (f"{slug}-{number}" for number in count(2))
        free = (one for one in chain([slug], numbered) if self.is_free(one))
        return next(free)

    def is_free(self, slug: str) -> bool:
        return bool(Page._slug_is_available(slug, self.parent_page, self.instance))

    def channel_choices(self) -> list[tuple[str, str]]:
        """Return the active channels, and those left out earlier that are switched off by now."""
        chosen = set(self.instance.channels_off or [])
        return [
            (channel.slug, channel.name)
            for channel in self.instance.every_channel
            if channel.is_for_items or channel.slug in chosen
        ]


class AnnouncementForm(StoryPageForm):
    """Asks why an urgent announcement is urgent, and offers the officers who can be called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "officers" in self.fields:
            field = self.fields["officers"]
            chosen = [contact.pk for contact in self.instance.officers.all()]
            reachable = ~Q(email="") | ~Q(telegram="")
            usable = field.queryset.filter(Q(is_active=True) & reachable | Q(pk__in=chosen))
            field.queryset = usable.select_related("organisation")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        is_urgent = data.get("level") == "urgent"
        if is_urgent and "urgent_reason" in self.fields and not data.get("urgent_reason"):
            self.add_error("urgent_reason", _("Say why this is urgent: it goes out at night too."))
        if data.get("officers") and not is_urgent:
            self.add_error("officers", _("Officers are called about urgent announcements only."))
        return data
