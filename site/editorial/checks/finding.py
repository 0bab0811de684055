"""What a rule found."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # blocks publishing
    WARNING = "warning"  # a person may publish all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at.

    ``where`` leads to it in the editor: the names of the fields and identities of the blocks from
    outside in, parted by full stops. ``excerpt`` is what the text says there, ``offer`` what it may
    be replaced by, ``fixable`` whether a script may do so because the field is plain text.
    ``source`` names the rule of law or of the house.
    """

    severity: Severity
    code: str
    message: str
    where: str = ""
    place: str = ""
    excerpt: str = ""
    offer: str | None = None
    fixable: bool = False
    source: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR

    @property
    def key(self) -> str:
        """The finding as it is remembered once somebody accepted it: the same text, the same key.

        A paragraph that moved is the same text; a field that changed is not.
        """
        about = f"{self.code}\n{self.where.partition('.')[0]}\n{self.excerpt}\n{self.message}"
        return hashlib.sha256(about.encode()).hexdigest()[:20]
