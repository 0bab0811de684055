"""What the checker sees of a document: lines with their looks, sections with their pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A piece of text in one look."""

    text: str
    font: str
    size: float
    bold: bool
    italic: bool
    underline: bool
    colour: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in which table a line stands."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A paragraph. Lengths in mm, spacing in points; ``rule_mm`` is a rule it draws, 0 for none."""

    order: int
    text: str
    folded: str  # the words without case and diacritics
    runs: tuple[SeenRun, ...]
    align: str
    first_mm: float
    left_mm: float
    right_mm: float
    before: float
    after: float
    line: float
    exact: float | None
    is_at_least: bool
    room_mm: float
    section: int
    cell: Cell | None
    rule_mm: float
    borders: frozenset[str]

    @property
    def words(self) -> tuple[SeenRun, ...]:
        """The runs that show something."""
        return tuple(run for run in self.runs if run.text.strip())

    @property
    def size(self) -> float:
        """The size of most of its letters."""
        sizes: dict[float, int] = {}
        for run in self.words:
            sizes[run.size] = sizes.get(run.size, 0) + len(run.text)
        return max(sizes, key=lambda size: sizes[size]) if sizes else 0

    @property
    def is_bold(self) -> bool:
        return bool(self.words) and all(run.bold for run in self.words)

    @property
    def is_italic(self) -> bool:
        return bool(self.words) and all(run.italic for run in self.words)

    @property
    def where(self) -> str:
        """The place in words, for the report."""
        shown = self.text if len(self.text) <= 50 else f"{self.text[:49].rstrip()}…"
        return f"Đoạn {self.order}: “{shown}”"


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The field of the page number: in the header or the footer, and its look."""

    is_in_header: bool
    align: str
    run: SeenRun | None


@dataclass(frozen=True, slots=True)
class SeenSection:
    """The pages of a section: lengths in mm. ``first_number`` shows a number on its first page."""

    width: float
    height: float
    margins: dict[str, float]
    header_mm: float
    hides_first: bool
    starts_at: int | None
    numerals: str
    number: PageNumber | None
    first_number: PageNumber | None


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """A document as read: all lines in order, those of table cells included, and its sections.

    ``pages`` is their number as the program that saved it counted them, if it did.
    """

    lines: tuple[SeenLine, ...]
    sections: tuple[SeenSection, ...]
    pages: int | None = None
