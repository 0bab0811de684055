"""What is kept of evidence that is no file: the item as it was published, receipts, links."""

import json
from typing import Any

from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from campaigns.evidence.models import Evidence
from campaigns.inspecting.rows import Row
from channels.models import Publication

PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>body{{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 serif}}
table{{border-collapse:collapse}}td,th{{border:1px solid;padding:.3rem;text-align:left}}
</style></head><body>{body}</body></html>
"""


def page(title: str, body: Any) -> bytes:
    """Return a page that loads nothing from anywhere."""
    return PAGE.format(title=escape(title), body=body).encode()


def of(row: Row) -> tuple[str, bytes]:
    """Return the ending and the bytes of what stands for the evidence in the folder."""
    if row.evidence.kind == Evidence.Kind.ARTICLE and row.publication is not None:
        return ".html", article(row.evidence, row.publication)
    return ".txt", receipt(row)


def article(evidence: Evidence, publication: Publication) -> bytes:
    """Return the item as the channels had it: its newest frozen version, without pictures."""
    content = publication.content
    facts = {
        _("Address"): evidence.url or content.get("address", ""),
        _("Version"): publication.sequence,
        _("Frozen at"): moment(publication.created_at),
        _("Digest (SHA-256)"): publication.digest,
        _("Author"): content.get("author", ""),
        _("Unit"): content.get("unit", ""),
    }
    lines = [format_html("<dt>{}</dt><dd>{}</dd>", name, value) for name, value in facts.items()]
    body = format_html(
        "<h1>{}</h1><p><strong>{}</strong></p>{}<hr><dl>{}</dl>",
        publication.title,
        content.get("summary", ""),
        mark_safe(content.get("html", "")),  # noqa: S308 - sanitised when it was frozen
        mark_safe("".join(lines)),  # noqa: S308 - made above, escaped
    )
    return page(publication.title, body)


def moment(when: Any) -> str:
    return f"{timezone.localtime(when):%H:%M:%S %d/%m/%Y}" if when else ""


def receipt(row: Row) -> bytes:
    """Return what the system knows of it, as lines of text."""
    evidence = row.evidence
    lines = [
        (_("Title"), evidence.title),
        (_("Kind"), evidence.get_kind_display()),
        (_("Date"), f"{evidence.dated:%d/%m/%Y}"),
        (_("Place"), evidence.place),
        (_("Address"), evidence.url),
        (_("Note"), evidence.note),
        (_("Recorded at"), moment(evidence.added_at)),
        (_("Key"), evidence.source_key or ""),
    ]
    parts = [f"{name}: {value}" for name, value in lines if value]
    for delivery in row.deliveries:
        parts += [
            "",
            f"{delivery.channel.name}: {delivery.get_action_display()}, "
            f"{delivery.get_state_display()}, {moment(delivery.settled_at)}",
        ]
        if delivery.receipt:
            parts.append(json.dumps(delivery.receipt, ensure_ascii=False, sort_keys=True))
    return ("\r\n".join(parts) + "\r\n").encode()
