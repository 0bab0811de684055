"""The editor's tab of variants: a panel for each kind, and one above them for all."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.functional import Promise, cached_property
from django.utils.html import escape
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import diff_text
from wagtail.admin.panels import ObjectList, Panel, TabbedInterface

from portal.variants import forms, stored
from portal.variants.kinds import KINDS, Field, Kind
from portal.variants.showing import Part, Variant, variant_of
from portal.variants.texts import stale_kinds

wagtails = _  # for words that Wagtail's catalogue translates: not extracted into ours


class VariantsPanel(Panel):
    """What holds for all variants: how many are stale, and what can be done about it at once."""

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": [forms.NAME]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "portal/admin/variants/all.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            stale = stale_kinds(self.instance, self.form.master)
            return context | {
                "page": self.instance,
                "stale": [KINDS[kind].label for kind in stale],
                "errors": self.form.errors.get(forms.NAME, []),
            }


class VariantPanel(Panel):
    """The texts of one kind, with counters and, when the master changed, what to do about it."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = KINDS[kind]
        kwargs["heading"] = kwargs.get("heading") or self.kind.label
        kwargs["icon"] = kwargs.get("icon") or self.kind.icon
        kwargs["help_text"] = kwargs.get("help_text") or self.kind.used_by
        super().__init__(**kwargs)

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"kind": self.kind.key}

    @property
    def clean_name(self) -> str:
        return f"variant_{self.kind.key}"

    class BoundPanel(Panel.BoundPanel):
        template_name = "portal/admin/variants/one.html"
        panel: "VariantPanel"

        @cached_property
        def variant(self) -> Variant:
            kind = self.panel.kind.key
            return variant_of(self.instance, kind, self.form.master, self.posted(kind))

        def posted(self, kind: str) -> dict[str, str]:
            """Return what was typed, as long as the form is not accepted."""
            if not self.form.is_bound:
                return {}
            field = self.form.fields[forms.NAME]
            found = field.widget.value_from_datadict(self.form.data, None, forms.NAME)
            texts: dict[str, str] = (found or {"texts": {}})["texts"].get(kind, {})
            return texts

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            kind = self.panel.kind.key
            return context | {
                "variant": self.variant,
                "boxes": [self.box(part) for part in self.variant.parts],
                "keep": forms.keep_box(kind),
            }

        def box(self, part: Part) -> dict[str, Any]:
            name = forms.box(self.panel.kind.key, part.field.name)
            return {
                "part": part,
                "name": name,
                "composed": forms.composed_box(self.panel.kind.key, part.field.name),
                "rows": min(max(len(part.text) // 80 + 2, 3), 12),
            }

        def get_comparison(self) -> list[Callable[[Any, Any], "TextComparison"]]:
            kind = self.panel.kind
            return [partial(TextComparison, kind, field) for field in kind.fields]


class TextComparison:
    """One text of two versions of a page, for Wagtail's comparison of versions."""

    is_field = True
    is_child_relation = False

    def __init__(self, kind: Kind, field: Field, before: Any, after: Any) -> None:
        self.kind, self.field = kind, field
        self.before, self.after = (
            stored.written(getattr(page, "variants", None) or {}, kind.key).get(field.name, "")
            for page in (before, after)
        )

    def field_label(self) -> str:
        return f"{self.kind.label}: {self.field.label}"

    def has_changed(self) -> bool:
        return self.before != self.after

    def htmldiff(self) -> str:
        if not self.has_changed():
            return escape(self.after)
        composed = gettext("(composed from the master)")
        return str(diff_text(self.before or composed, self.after or composed).to_html())


class VariantsTab(ObjectList):
    """The tab itself, under an address that is the same in every language."""

    clean_name = "variants"


def variants_tab() -> VariantsTab:
    """Return the tab with all panels."""
    heading: str | Promise = pgettext_lazy("tab of the editor", "Variants")
    children = [VariantsPanel(heading=_("All variants"), icon="copy")]
    return VariantsTab([*children, *(VariantPanel(kind) for kind in KINDS)], heading=heading)


def story_tabs(content: list[Panel], promote: list[Panel], settings: list[Panel]) -> Panel:
    """Return the editor of an item: Wagtail's own tabs, with the variants after the content."""
    return TabbedInterface(
        [
            ObjectList(content, heading=wagtails("Content")),
            variants_tab(),
            ObjectList(promote, heading=wagtails("Promote")),
            ObjectList(settings, heading=wagtails("Settings")),
        ]
    )
