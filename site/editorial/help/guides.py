"""The guides: one file for each role in ``texts/``, in Vietnamese, with a picture for a step.

They are documents of the house, not strings of the interface, so they are not translated.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from editorial import roles

TEXTS = Path(__file__).parent / "texts"
PICTURES = Path(__file__).parents[1] / "static" / "editorial" / "help"

#: Address of a guide → the role it is for, the most frequent reader first.
ROLES = {
    "phong-vien": roles.REPORTER,
    "bien-tap-vien": roles.EDITOR,
    "ban-bien-tap": roles.APPROVER,
    "chuyen-vien": roles.PLANNER,
    "dau-moi": roles.OFFICER,
    "quan-tri": roles.ADMINISTRATOR,
}
FIRST = next(iter(ROLES))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. ``text`` is HTML of ours; ``link`` is the name of an admin address."""

    title: str
    text: str
    picture: str = ""  # file name in PICTURES without its ending
    alt: str = ""
    link: str = ""
    label: str = ""  # of the link

    @property
    def picture_path(self) -> str:
        """The picture among the static files; empty while it is not made."""
        is_there = self.picture and (PICTURES / f"{self.picture}.webp").exists()
        return f"editorial/help/{self.picture}.webp" if is_there else ""


@dataclass(frozen=True, slots=True)
class Guide:
    """What a role does here, step by step."""

    slug: str
    role: str
    lead: str
    steps: tuple[Step, ...]


@cache
def guide(slug: str) -> Guide:
    """Return the guide of that address. Raises ``KeyError`` if there is none."""
    role = ROLES[slug]
    data = tomllib.loads((TEXTS / f"{slug}.toml").read_text(encoding="utf-8"))
    steps = tuple(Step(**step) for step in data["steps"])
    return Guide(slug=slug, role=role, lead=data["lead"], steps=steps)


def slugs_of(user: AbstractBaseUser | AnonymousUser) -> list[str]:
    """Return the addresses of the guides of the person's own roles, in the order of ROLES."""
    groups = getattr(user, "groups", None)
    names = set(groups.values_list("name", flat=True)) if groups is not None else set()
    if getattr(user, "is_superuser", False):
        names.add(roles.ADMINISTRATOR)
    return [slug for slug, role in ROLES.items() if role in names]
