"""Any table of activities that is written comes back, from every form."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.exporting.files import as_docx, as_tsv, as_xlsx
from campaigns.exporting.mapping import APPENDIX_TITLE
from campaigns.exporting.table import PLACES, assignment
from campaigns.importing.files import read_bytes
from campaigns.importing.rows import read_rows
from campaigns.importing.table import clean_cell
from campaigns.models import Activity
from media.documents.letters import with_appendices
from media.documents.model import Appendix
from tests.media.documents import samples

WRITERS = {"docx": as_docx, "xlsx": as_xlsx, "tsv": as_tsv}
LETTERS = "aăđếỹ Ơ09.,;:-–\"'“”()=+@#/&<>%\n€≥"
CELLS = st.text(LETTERS, max_size=30)
LINES = st.text(LETTERS.replace("\n", ""), max_size=30)
# What the import reads as dates, groups or headers is another test's.
SINGLE = {"deadline_text", "quantity_text", "budget_text"}


@st.composite
def activities(draw: st.DrawFn) -> list[Activity]:
    groups = draw(st.lists(st.sampled_from(["", "Nhóm một", "Nhóm hai"]), min_size=1, max_size=6))
    made = []
    for number, heading in enumerate(groups, start=1):
        texts = {
            name: draw(LINES if name in SINGLE else CELLS)
            for name in PLACES
            if name not in {"serial", "heading", "content", "lead_text", "deadline_text"}
        }
        content = f"Việc {draw(CELLS)}"
        made.append(
            Activity(
                serial=str(number), heading=heading, content=content, lead_text="Sở Nội vụ",
                deadline_text="Hằng tháng", **texts,
            )
        )  # fmt: skip
    return made


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=activities())
def test_what_is_written_is_read_again(form: str, rows: list[Activity]):
    appendix = Appendix(APPENDIX_TITLE, (assignment(rows),), landscape=True)
    document = with_appendices(samples.plan(), appendix)
    read = read_rows(read_bytes(WRITERS[form](document, rows)), 2021).rows
    assert [{name: row[name] for name in PLACES} for row in read] == [
        {name: clean_cell(getattr(activity, name)) for name in PLACES} for activity in rows
    ]
