"""From a read article to a draft page. The only place of the importer that writes pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.audit import record
from core.text import nfc
from ingest.articles import ImportedArticle, read_article
from ingest.models import ImportedFile
from portal import tree
from portal.models import ArticlePage, NewsIndexPage

LOG_ACTION = "ingest.import_article"


class NoPlaceForArticles(Exception):
    """There is no news page yet to put drafts under."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's draft, and whether this call made it or found it there."""

    file: ImportedFile
    page: ArticlePage
    is_new: bool


def news_index() -> NewsIndexPage:
    """Return the page all articles live under. Raises ``NoPlaceForArticles``."""
    index = NewsIndexPage.objects.first()
    if index is None:
        raise NoPlaceForArticles(_("There is no news page yet. Create it, or run “setup” first."))
    return index


def may_import(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell whether the person may add pages under the news page."""
    return tree.may_write(user)


def remember(data: bytes, name: str, user: AbstractBaseUser | None = None) -> ImportedFile:
    """Read a file and keep what was understood, without making a draft.

    The same content again refreshes the record; once a draft exists it is returned untouched.
    Raises ``UnreadableFile``.
    """
    name = nfc(PurePath(name).name)[:255]
    article = read_article(data, name)
    digest = sha256(data).hexdigest()
    with transaction.atomic():
        known = ImportedFile.objects.filter(digest=digest).first()
        if known is not None and known.page_id is not None:
            return known
        values: dict[str, Any] = {
            "name": name,
            "article": article.as_json(),
            "warnings": list(article.warnings),
            "are_warnings_seen": False,
            "imported_by": user,
        }
        return ImportedFile.objects.update_or_create(digest=digest, defaults=values)[0]


def make_draft(file: ImportedFile, user: AbstractBaseUser | None = None) -> Draft:
    """Return the file's draft under the news page, made now if there is none. Never published.

    Raises ``NoPlaceForArticles``.
    """
    index = news_index()
    with transaction.atomic():
        file = ImportedFile.objects.select_for_update().get(pk=file.pk)
        if file.page is not None:
            return Draft(file, file.page, is_new=False)
        page, remarks = _page(file.understood, file.name)
        page.owner = user
        index.add_child(instance=page)
        # A draft may lack what only publishing needs: its section, perhaps its sapo.
        page.save_revision(user=user, clean=False)
        record(page, LOG_ACTION, user, file=file.name, digest=file.digest)
        file.page = page
        file.warnings = [*file.understood.warnings, *remarks]
        file.save()
    return Draft(file, page, is_new=True)


def _page(article: ImportedArticle, name: str) -> tuple[ArticlePage, list[str]]:
    """Return an unsaved page with the article's parts, and what did not fit."""
    remarks: list[str] = []
    headline = article.headline or PurePath(name).stem

    def fitted(field: str, text: str | None) -> str:
        limit = ArticlePage._meta.get_field(field).max_length
        cut = _cut(text or "", limit)
        if text and cut != text:
            remarks.append(
                _("%(field)s was cut to %(limit)d characters. In full: %(text)s")
                % {"field": _label(field), "limit": limit, "text": text}
            )
        return cut

    page = ArticlePage(
        title=fitted("title", headline),
        summary=article.sapo or "",
        dated=article.date,
        byline=fitted("byline", article.author),
        unit=fitted("unit", article.unit),
        picture_caption=fitted("picture_caption", next(iter(article.captions), "")),
        picture_credit=fitted("picture_credit", next(iter(article.credits), "")),
        body=[("paragraph", _rich(paragraph)) for paragraph in article.body],
        live=False,
    )
    page.draft_title = page.title
    return page, [*remarks, *_left_over(article)]


def _rich(paragraph: str) -> Any:
    block = ArticlePage._meta.get_field("body").stream_block.child_blocks["paragraph"]
    return block.to_python(format_html("<p>{}</p>", paragraph))


def _label(field: str) -> str:
    label = str(ArticlePage._meta.get_field(field).verbose_name)
    return label[:1].upper() + label[1:]


def _cut(text: str, limit: int | None) -> str:
    if limit is None or len(text) <= limit:
        return text
    return (text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]) + "…"


def _left_over(article: ImportedArticle) -> Iterator[str]:
    """Yield captions and credits of pictures after the first: they wait for their pictures."""
    for caption in article.captions[1:]:
        yield _("Caption of a further picture: %(text)s") % {"text": caption}
    for credit in article.credits[1:]:
        yield _("Credit of a further picture: %(text)s") % {"text": credit}
