"""What a page keeps of its variants, as plain data: nothing here knows the page.

``variants`` is ``{kind: {"texts": {field: text}, "based_on": digest}}``. A kind or a field that is
absent is composed from the master. ``based_on`` is the digest of the master the texts were last
compared with; "" when nobody knows, as with texts from before variants. ``masters`` keeps the words
behind those digests, so that a person can be shown what changed since.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.variants.composers import Master, Texts, compose
from portal.variants.counting import Excess, excesses
from portal.variants.kinds import KINDS, Field, Kind

Variants = dict[str, Any]
Masters = dict[str, Texts]


def written(variants: Mapping[str, Any], kind: str) -> Texts:
    """Return the texts somebody wrote for the kind, by field; none of them empty."""
    entry = variants.get(kind)
    texts = entry.get("texts") if isinstance(entry, dict) else None
    if not isinstance(texts, dict):
        return {}
    names = KINDS[kind].names
    return {name: str(texts[name]) for name in names if str(texts.get(name) or "").strip()}


def all_written(variants: Mapping[str, Any]) -> dict[str, Texts]:
    """Return what was written for every kind, kinds that are wholly composed left out."""
    return {kind: texts for kind in KINDS if (texts := written(variants, kind))}


def effective(variants: Mapping[str, Any], kind: str, master: Master) -> Texts:
    """Return what the kind says: as written, else composed."""
    texts = written(variants, kind)
    if len(texts) == len(KINDS[kind].fields):
        return texts
    return compose(kind, master) | texts


def based_on(variants: Mapping[str, Any], kind: str) -> str:
    entry = variants.get(kind)
    return str(entry.get("based_on") or "") if isinstance(entry, dict) else ""


def is_stale(variants: Mapping[str, Any], kind: str, digest: str) -> bool:
    """Whether the master changed since the kind's texts were written or last looked over."""
    return bool(written(variants, kind)) and based_on(variants, kind) not in {"", digest}


def stale(variants: Mapping[str, Any], digest: str) -> list[str]:
    return [kind for kind in KINDS if is_stale(variants, kind, digest)]


def over(variants: Mapping[str, Any]) -> Iterator[tuple[Kind, Field, Excess]]:
    """Yield every limit that a written text breaks. What is composed keeps them."""
    for key, texts in all_written(variants).items():
        for field in KINDS[key].fields:
            for excess in excesses(texts.get(field.name, ""), field.limits):
                yield KINDS[key], field, excess


def changed(variants: Mapping[str, Any], kind: str, texts: Texts, digest: str) -> Variants:
    """Return the variants with these texts, "" for one to be composed, measured by the digest.

    Texts that are as they were keep what they are based on.
    """
    kept = {name: text for name, text in texts.items() if text.strip()}
    if kept == written(variants, kind):
        return dict(variants)
    others = refreshed(variants, kind)
    return others | {kind: {"texts": kept, "based_on": digest}} if kept else others


def refreshed(variants: Mapping[str, Any], *kinds: str) -> Variants:
    """Return the variants with these kinds composed anew: what was written is gone."""
    return {key: entry for key, entry in variants.items() if key not in kinds}


def kept(variants: Mapping[str, Any], digest: str, *kinds: str) -> Variants:
    """Return the variants with these kinds marked as looked over against the present master."""
    return {
        key: {**entry, "based_on": digest} if key in kinds and isinstance(entry, dict) else entry
        for key, entry in variants.items()
    }


def known_since(variants: Mapping[str, Any], digest: str) -> Variants:
    """Return the variants with the digest where nobody knew what the texts are based on."""
    unknown = [kind for kind in KINDS if written(variants, kind) and not based_on(variants, kind)]
    return kept(variants, digest, *unknown)


def remembered(masters: Mapping[str, Texts], variants: Mapping[str, Any], *seen: Master) -> Masters:
    """Return the words of the masters that texts are based on, and of no others."""
    needed = {based_on(variants, kind) for kind in KINDS}
    known = dict(masters) | {master.digest: master.words for master in seen}
    return {digest: words for digest, words in known.items() if digest in needed}
