"""The form of one channel: common fields, the settings of its kind, and a write-only secret."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from channels import audience
from channels.admin.policies import HOURS, POLICIES, RETRY, PoliciesForm
from channels.forms import fields_for, groups_of, unknown, validated
from channels.models import Channel
from channels.registry import ADAPTERS
from channels.watching import canary
from core.crypto import Undecipherable, decrypt, encrypt
from core.text import slugify
from organisations.models import Contact, Organisation

PREFIX = "options-"
PART = "secret-"
Group = tuple[str | Promise, list[forms.BoundField]]


class ChannelForm(PoliciesForm):
    """Edits a channel. The kind is the instance's and stays as it is.

    After saving, ``secret_changed`` tells whether the secret was replaced or removed.
    """

    class Meta:
        model = Channel
        fields: ClassVar[list[str]] = [
            "name", "slug", "owner", "contacts", "responsible", "is_test",
            "resend_urgent", *POLICIES,
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "contacts": forms.CheckboxSelectMultiple,
            "responsible": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adapter = ADAPTERS[self.instance.kind]
        self.unknown = unknown(self.adapter.Options, self.instance.options)
        self.secret_changed = False
        self.fields["slug"].required = False
        # Stations subscribe to addresses made of it, and items name the channels they leave out.
        self.fields["slug"].disabled = self.instance.pk is not None
        self.fields["slug"].help_text = _(
            "Part of addresses, and fixed once the channel is there. Empty: made from the name."
        )
        self._offer_trials()
        self._offer_owners()
        self._offer_contacts()
        self.offer_people()
        self.add_policies()
        self._add_options()
        self._add_audience()
        self._add_secret()
        if self.adapter.pulls:
            del self.fields["resend_urgent"]  # nothing is sent, nothing can be uncertain

    def _offer_trials(self) -> None:
        """Whether it is a test target is settled before anything goes there."""
        if self.adapter.kind in canary.NEVER:
            del self.fields["is_test"]
        elif self.instance.pk and self.instance.deliveries.exists():
            self.fields["is_test"].disabled = True
            self.fields["is_test"].help_text = _("Fixed: something has gone to this channel.")

    def _offer_owners(self) -> None:
        """Only agencies that exist today, besides the one the channel has already."""
        choices = self.fields["owner"]
        assert isinstance(choices, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        today = Organisation.objects.valid_on(timezone.localdate()).values("pk")
        choices.queryset = Organisation.objects.filter(
            Q(pk__in=today) | Q(pk=self.instance.owner_id)
        )

    def _offer_contacts(self) -> None:
        choices = self.fields["contacts"]
        assert isinstance(choices, forms.ModelMultipleChoiceField)  # noqa: S101 - narrows the type
        own = self.instance.contacts.values("pk") if self.instance.pk else []
        usable = Contact.objects.select_related("organisation")
        choices.queryset = usable.filter(Q(is_active=True) | Q(pk__in=own))
        choices.required = False
        if not choices.queryset.exists():
            choices.help_text = _("The contact book is empty: add people and desks there first.")

    def _add_options(self) -> None:
        for name, field in fields_for(self.adapter.Options).items():
            self.fields[PREFIX + name] = field
            if name in self.instance.options:
                self.initial[PREFIX + name] = self.instance.options[name]
        if self.unknown:
            self.fields["drop_unknown"] = forms.BooleanField(
                label=_("Remove settings that this kind of channel does not know"),
                help_text=json.dumps(self.unknown, ensure_ascii=False),
                required=False,
            )

    def _add_audience(self) -> None:
        known = audience.sections()
        slugs = {slug for slug, _name in known}
        gone = [slug for slug in self.instance.takes_sections if slug not in slugs]
        choices = known + [
            (slug, _("%(slug)s (no longer exists)") % {"slug": slug}) for slug in gone
        ]
        for name, label, offered in (
            ("takes_sections", _("Sections taken"), choices),
            ("takes_levels", _("Levels taken"), audience.LEVELS),
        ):
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=offered,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("None chosen: all of them."),
                initial=getattr(self.instance, name),
            )

    def _add_secret(self) -> None:
        labels = self._secret_labels()
        if not labels:
            return
        stored = bool(self.instance.secret)
        for name, label in labels.items():
            self.fields[name] = forms.CharField(
                label=str(label),
                required=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                help_text=_("A secret is stored. Leave empty to keep it.")
                if stored
                else _("Stored encrypted, never shown again."),
            )
        if stored:
            self.fields["secret_remove"] = forms.BooleanField(
                label=_("Remove the stored secret"), required=False
            )

    def _secret_labels(self) -> dict[str, str | Promise]:
        """Return the fields for secrets: one for each part, or the one."""
        parts = {PART + part: label for part, label in self.adapter.secret_parts.items()}
        return parts or ({"secret": self.adapter.secret_label} if self.adapter.secret_label else {})

    def groups(self) -> Iterator[Group]:
        """Give the visible fields under their headings, in the order of the page."""
        own = groups_of(self.adapter.Options)
        apart = {PREFIX + name for names in own.values() for name in names}
        options = [name for name in self.fields if name.startswith(PREFIX) and name not in apart]
        for heading, names in (
            (_("Channel"), ["name", "slug", "owner", "contacts", "responsible"]),
            (_("Settings"), [*options, "drop_unknown"]),
            *((heading, [PREFIX + name for name in names]) for heading, names in own.items()),
            (_("Access"), [*self._secret_labels(), "secret_remove"]),
            (_("What it takes"), ["is_test", "takes_sections", "takes_levels", "resend_urgent"]),
            (_("Quiet hours"), [*HOURS, "quiet_days"]),
            (_("When the receiver cannot be reached"), list(RETRY)),
        ):
            bound = [self[name] for name in names if name in self.fields]
            if bound:
                yield heading, bound

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        slug = slug or slugify(self.cleaned_data.get("name", ""), limit=60)
        if not slug and "name" in self.cleaned_data:
            raise ValidationError(_("Nothing can be made from this name: please enter it."))
        return slug

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        entered = [name for name in self._secret_labels() if data.get(name)]
        if entered and data.get("secret_remove"):
            self.add_error(
                "secret_remove", _("Either enter a new secret or remove the stored one.")
            )
        names = [name for name in self.fields if name.startswith(PREFIX)]
        if not any(name in self.errors for name in names):
            self._clean_options({name.removeprefix(PREFIX): data.get(name) for name in names})
        self.clean_policies(data)
        if self.errors:
            for name in entered:
                self.add_error(name, _("Not saved yet: please enter it once more."))
        return data

    def _clean_options(self, values: dict[str, Any]) -> None:
        try:
            options = validated(self.adapter.Options, values)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                field = PREFIX + name
                self.add_error(field if field in self.fields else None, messages)
            return
        self._check_keeper(options.get("secret_of", ""))
        kept = {} if self.cleaned_data.get("drop_unknown") else self.unknown
        self.cleaned_data["options"] = kept | options

    def _check_keeper(self, slug: str) -> None:
        """Refuse a name that no other channel of the kind bears, or one that borrows itself."""
        others = Channel.objects.of_kind(self.instance.kind).exclude(pk=self.instance.pk)
        keeper = others.filter(slug=slug).first() if slug else None
        if slug and (keeper is None or keeper.options.get("secret_of")):
            self.add_error(
                f"{PREFIX}secret_of",
                _("No other channel of this kind with access of its own has this short name."),
            )

    def save(self, commit: bool = True) -> Channel:
        """Store what the form holds, and nothing that a worker may have changed meanwhile."""
        channel, data = self.instance, self.cleaned_data
        channel.options = data["options"]
        channel.takes_sections = data["takes_sections"]
        channel.takes_levels = data["takes_levels"]
        channel.quiet_days = data.get("quiet_days", channel.quiet_days)
        secret = self._new_secret()
        self.secret_changed = secret is not None
        if secret is not None:
            channel.secret = encrypt(secret)
        if commit:
            names = ["name", "slug", "owner", "options", "takes_sections", "takes_levels"]
            names += ["is_test", "resend_urgent", "quiet_days", *POLICIES]
            names += ["secret"] if self.secret_changed else []
            channel.save(update_fields=names if channel.pk else None)
            channel.contacts.set(data["contacts"])
            channel.responsible.set(data["responsible"])
        return channel

    def _new_secret(self) -> str | None:
        """Return what is to be stored instead of the secret; ``None`` to leave it alone.

        Of several parts those left empty are kept; what an adapter noted beside them is not: it
        belonged to the old ones.
        """
        if self.cleaned_data.get("secret_remove"):
            return ""
        if not self.adapter.secret_parts:
            return self.cleaned_data.get("secret") or None
        parts = self.adapter.secret_parts
        entered = {part: self.cleaned_data[PART + part].strip() for part in parts}
        if not any(entered.values()):
            return None
        kept = stored_parts(self.instance) if not all(entered.values()) else {}
        return json.dumps({part: entered[part] or kept.get(part, "") for part in parts})


def stored_parts(channel: Channel) -> dict[str, str]:
    """Return the parts of the secret as stored now; nothing when they cannot be read."""
    stored = Channel.objects.filter(pk=channel.pk).values_list("secret", flat=True).first()
    try:
        parts = json.loads(decrypt(stored or "") or "{}")
    except (Undecipherable, ValueError):
        return {}
    return parts if isinstance(parts, dict) else {}
