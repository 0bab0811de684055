"""``manage.py import_article``: copies of articles become drafts with their parts in place."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ingest.articles import ImportedArticle, UnreadableFile, read_article
from ingest.articles.article import MAX_BYTES
from ingest.drafts import NoPlaceForArticles, make_draft, news_index, remember


class Command(BaseCommand):
    help = "Turn copies of articles (.txt, .html, .docx) into drafts; nothing is published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show only, save nothing")
        parser.add_argument("--json", action="store_true", help="print one array of objects")
        parser.add_argument("--user", metavar="NAME", help="user name of the drafts' owner")

    def handle(
        self,
        *args: Any,
        files: list[Path],
        dry_run: bool = False,
        json: bool = False,
        user: str | None = None,
        **options: Any,
    ) -> None:
        owner = _owner(user)
        if not dry_run:
            try:
                news_index()
            except NoPlaceForArticles as error:
                raise CommandError(str(error)) from error
        results = [_import(path, owner, dry_run=dry_run) for path in files]
        self.stdout.write(_as_json(results) if json else _as_text(files, results))
        failed = sum("error" in result for result in results)
        if failed:
            raise CommandError(
                _("%(failed)d of %(all)d files were not imported.")
                % {"failed": failed, "all": len(files)}
            )


def _owner(name: str | None) -> AbstractBaseUser | None:
    if not name:
        return None
    user = get_user_model()._default_manager.filter(username=name).first()
    if user is None:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": name})
    return user


def _import(path: Path, owner: AbstractBaseUser | None, *, dry_run: bool) -> dict[str, Any]:
    """Return the article as plain values, or an object with ``error``; others go on."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if dry_run:
            return read_article(data, path.name).as_json()
        draft = make_draft(remember(data, path.name, owner), owner)
    except UnreadableFile as error:
        return {"file": str(path), "error": str(error)}
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        return {"file": str(path), "error": f"{path}: {_reason(error)}"}
    values = ImportedArticle.from_json(draft.file.article).as_json()
    values["warnings"] = list(draft.file.warnings)
    if not draft.is_new:
        note = _("Already imported as page %(page)d; no second draft was made.")
        values["warnings"].append(note % {"page": draft.page.pk})
    return values


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return _("There is no such file.")
        case IsADirectoryError():
            return _("This is a folder, not a file.")
        case PermissionError():
            return _("There is no permission to read this file.")
    return _("The file cannot be read (%(reason)s).") % {
        "reason": getattr(error, "strerror", None) or error
    }


def _as_json(results: list[dict[str, Any]]) -> str:
    return json.dumps(results, ensure_ascii=False, indent=2)


def _as_text(files: list[Path], results: list[dict[str, Any]]) -> str:
    lines = []
    for path, result in zip(files, results, strict=True):
        if "error" in result:
            lines.append(f"✗ {result['error']}")
            continue
        lines.append(f"✓ {path.name}: {result['headline'] or '–'}")
        lines += [f"    ! {warning}" for warning in result["warnings"]]
    return "\n".join(lines)
