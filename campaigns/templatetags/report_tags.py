"""The cells of a table agency × line: some thousands, which a template's loop is slow to write."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from campaigns.reporting.figures import Line

register = template.Library()


@register.simple_tag
def report_cells(lines: Iterable[Line | None]) -> SafeString:
    """Return a cell for each line: completed of due, marked where something is overdue."""
    return SafeString("".join(map(_cell, lines)))  # of numbers and marks between them alone


def _cell(line: Line | None) -> str:
    if line is None:
        return '<td class="nc-report__number"></td>'
    late = " nc-report__late" if line.overdue else ""
    return f'<td class="nc-report__number{late}">{line.in_short}</td>'
