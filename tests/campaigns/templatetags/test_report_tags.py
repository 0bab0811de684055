"""The cells of the table agency × line."""

from campaigns.reporting.figures import Line
from campaigns.templatetags.report_tags import report_cells


def test_a_cell_says_how_far_the_line_is_and_whether_something_is_overdue() -> None:
    late = Line(1, slots={"on-time": [1], "overdue": [2]})
    beside = Line(2, outputs=12_000)
    assert report_cells([late, beside, Line(3), None]) == (
        '<td class="nc-report__number nc-report__late">1/2</td>'
        '<td class="nc-report__number">+12.000</td>'
        '<td class="nc-report__number"></td>'
        '<td class="nc-report__number"></td>'
    )
