"""Looking at a page: the one thing screens, gate and tests need."""

from collections.abc import Iterable
from dataclasses import dataclass

from editorial.checks.finding import Finding
from editorial.checks.reading import item_of
from editorial.checks.registry import check
from portal.models import StoryPage


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, parted by what it means for publishing."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def all(self) -> tuple[Finding, ...]:
        return (*self.errors, *self.warnings)

    def __len__(self) -> int:
        return len(self.errors) + len(self.warnings)


def findings(page: StoryPage) -> list[Finding]:
    """Return what the rules find in the page as it is in memory, errors first."""
    return check(item_of(page))


def parted(found: Iterable[Finding]) -> Findings:
    found = tuple(found)
    return Findings(
        tuple(one for one in found if one.is_error),
        tuple(one for one in found if not one.is_error),
    )
