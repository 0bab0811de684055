"""What can be wrong with a plan file, in words a person can act on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, and the line of the file or row of the table where it is; 0 for the whole file."""

    message: str
    line: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.message
        return _("Line %(line)d: %(message)s") % {"line": self.line, "message": self.message}


class ImportFailedError(Exception):
    """The file cannot become a plan as it is. Nothing was saved."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


def failure(message: str, line: int = 0) -> ImportFailedError:
    """Return the error for a single problem, to be raised."""
    return ImportFailedError([Problem(message, line)])
