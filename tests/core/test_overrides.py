"""Templates of Wagtail's that we replaced whole are looked at again when Wagtail changes them."""

from hashlib import sha256
from pathlib import Path

from core import messages, upstream

OURS = messages.ROOT / "templates"
# What Wagtail's file was when ours was written after it. An upgrade that changes one fails here:
# carry the change over, then write the new sum.
WRITTEN_AFTER = {
    "wagtailadmin/home/account_summary.html": "ff5c7d30e46778c3",
    "wagtailadmin/shared/headers/_actions.html": "facea723b6b91762",
    "wagtailadmin/shared/user_avatar.html": "10cbd09a2e9434e5",
    "wagtailadmin/tables/boolean_cell.html": "f52d1f7945b2b176",
    "wagtailusers/groups/includes/formatted_permissions.html": "2ab61ce5aa2bbeba",
}


def replaced() -> dict[str, Path]:
    """Return the templates of Wagtail's that ours hide, with Wagtail's file."""
    wagtail = upstream.package_folder("wagtail")
    found = {}
    for path in sorted(OURS.glob("wagtail*/**/*.html")):
        name = path.relative_to(OURS).as_posix()
        if f'{{% extends "{name}" %}}' not in path.read_text(encoding="utf-8"):
            found[name] = next(wagtail.glob(f"**/templates/{name}"))
    return found


def test_wagtails_templates_are_as_they_were_when_ours_replaced_them() -> None:
    sums = {name: sha256(path.read_bytes()).hexdigest()[:16] for name, path in replaced().items()}
    assert sums == WRITTEN_AFTER
