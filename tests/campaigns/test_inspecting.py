"""The folder for inspectors: everything once, named safely, with an index of it all."""

import hashlib
import io
import tracemalloc
import uuid
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaigns.admin.slot_forms import store_document, store_photo
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.inspecting.folder import Folder
from campaigns.inspecting.names import safe
from campaigns.inspecting.rows import PIECE
from campaigns.models import Activity, Plan
from campaigns.slots.models import Slot
from channels.models import Publication
from organisations.models import Organisation, User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
STORY = uuid.UUID("12345678-1234-5678-1234-567812345678")


@pytest.fixture
def slots(db: None) -> list[Slot]:
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh")
    plan = Plan.objects.create(title="Kế hoạch", year=2026, issuer=issuer, number="95/KH-UBND")
    activity = Activity.objects.create(
        plan=plan, serial="1", content='Tin: "một cửa" / hai * ba?' + " dài" * 60
    )
    return [
        Slot.objects.create(
            activity=activity,
            organisation=Organisation.objects.get_or_create(code=code, defaults={"name": name})[0],
            period="month",
            period_start=date(2026, month, 1),
            opens_on=date(2026, month, 1),
            due_on=date(2026, month, 28),
        )
        for code, name, month in (("so-a", "Sở A", 1), ("so-a", "Sở A", 2), ("so-b", "Sở B", 1))
    ]


def evidence(*slots: Slot, **values: Any) -> Evidence:
    values = {"title": "Biên bản", "dated": date(2026, 1, 9), "kind": "link"} | values
    if values["kind"] == "link":
        values.setdefault("url", "https://bao.vn/a")
    made = Evidence.objects.create(activity=slots[0].activity, **values)
    for slot in slots:
        Fulfilment.objects.create(slot=slot, evidence=made)
    return made


def document(name: str = "bien-ban.pdf", data: bytes = b"%PDF-1.7 bien ban") -> Any:
    return store_document(ContentFile(data, name), "Biên bản", None)


def take(client: Client, **query: Any) -> zipfile.ZipFile:
    answer: Any = client.get(reverse("campaigns_folder"), {"download": 1} | query)
    assert answer["Content-Type"] == "application/zip", answer.content[:500]
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def index(folder: zipfile.ZipFile) -> list[dict[str, Any]]:
    [name] = [name for name in folder.namelist() if name.endswith(".xlsx")]
    head, *rows = load_workbook(io.BytesIO(folder.read(name))).active.values
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def planner(as_person: Callable[[str], Client]) -> Client:
    return as_person("planner")


def test_files_lie_by_activity_agency_and_slot(slots: list[Slot], planner: Client):
    data = b"%PDF-1.7 bien ban" * 100_000
    evidence(slots[0], kind="file", document=document(data=data))
    folder = take(planner, plan=slots[0].activity.plan_id)
    assert folder.testzip() is None
    [path] = [name for name in folder.namelist() if name.endswith(".pdf")]
    root, activity, agency, slot, file = path.split("/")
    assert root == "Minh chung 95-KH-UBND 2026"
    assert activity.startswith("01 Tin một cửa hai ba")
    assert (agency, slot, file) == ("Sở A", "tháng 1 2026", "2026-01-09 Biên bản.pdf")
    assert folder.read(path) == data
    [row] = index(folder)
    assert row["SHA-256"] == hashlib.sha256(data).hexdigest()
    assert row["Tệp trong thư mục này"] == path.partition("/")[2]
    assert row["Cơ quan"] == "Sở A"


def test_one_piece_for_several_slots_lies_there_once(slots: list[Slot], planner: Client):
    evidence(*slots, kind="file", document=document())
    folder = take(planner, plan=slots[0].activity.plan_id)
    assert len([name for name in folder.namelist() if name.endswith(".pdf")]) == 1
    rows = index(folder)
    assert len(rows) == 3
    assert len({row["Tệp trong thư mục này"] for row in rows}) == 1


def test_an_article_is_kept_as_it_was_published(slots: list[Slot], planner: Client):
    for number, title in ((1, "Bản cũ"), (2, "Một cửa gọn hơn")):
        Publication.objects.create(
            story=STORY,
            sequence=number,
            title=title,
            content={"summary": "Sapo <b>", "html": "<p>Nội dung</p>", "author": "Lan"},
            digest="ab" * 32,
        )
    evidence(slots[0], kind="article", title="Một cửa gọn hơn", story=STORY, source_key="a")
    evidence(slots[0], kind="aired", title="Đài: Một cửa", story=STORY, source_key="b")
    folder = take(planner, plan=slots[0].activity.plan_id)
    [page] = [name for name in folder.namelist() if name.endswith("gọn hơn.html")]
    html = folder.read(page).decode()
    assert "<h1>Một cửa gọn hơn</h1>" in html
    assert "Sapo &lt;b&gt;" in html
    assert "<p>Nội dung</p>" in html
    [receipt] = [name for name in folder.namelist() if name.endswith(".txt")]
    assert "xác nhận đã phát" in folder.read(receipt).decode().lower() or folder.read(receipt)


def test_a_missing_file_is_named_in_the_index(slots: list[Slot], planner: Client):
    made = evidence(slots[0], kind="file", document=document())
    evidence(slots[1])
    default_storage.delete(made.document.file.name)
    rows = index(take(planner, plan=slots[0].activity.plan_id))
    assert "Thiếu tệp" in rows[0]["Ghi chú"]
    assert rows[1]["Ghi chú"] is None


def test_withdrawn_evidence_is_left_out(slots: list[Slot], planner: Client):
    made = evidence(slots[0])
    Evidence.objects.filter(pk=made.pk).update(withdrawn_at="2026-02-01T00:00:00Z")
    assert index(take(planner, plan=slots[0].activity.plan_id)) == []


def test_agency_and_days_narrow_it(slots: list[Slot], planner: Client):
    for slot in slots:
        evidence(slot, title=f"Bài {slot.pk}")
    plan = slots[0].activity.plan_id
    rows = index(take(planner, plan=plan, agency=slots[2].organisation_id))
    assert [row["Cơ quan"] for row in rows] == ["Sở B"]
    rows = index(take(planner, plan=plan, first="01/02/2026"))
    assert [list(row.values())[4] for row in rows] == ["tháng 2/2026"]


def test_an_officer_takes_the_own_agencys_only(
    slots: list[Slot], as_person: Callable[[str], Client], person: Callable[[str], User]
):
    for slot in slots:
        evidence(slot)
    browser = as_person("officer")
    person("officer").organisations.add(slots[2].organisation)
    plan = slots[0].activity.plan_id
    assert [row["Cơ quan"] for row in index(take(browser, plan=plan))] == ["Sở B"]
    answer = browser.get(
        reverse("campaigns_folder"),
        {"download": 1, "plan": plan, "agency": slots[0].organisation_id},
    )
    assert answer["Content-Type"].startswith("text/html")


def test_the_page_index_links_to_the_files(slots: list[Slot], planner: Client):
    evidence(slots[0], title="<script>alert(1)</script>")
    folder = take(planner, plan=slots[0].activity.plan_id)
    [name] = [name for name in folder.namelist() if name.endswith("MUC-LUC.html")]
    html = folder.read(name).decode()
    assert "<script>" not in html
    assert '<a href="01 Tin' in html


def test_thousands_cost_few_queries_and_little_at_once(
    slots: list[Slot], planner: Client, django_assert_max_num_queries: Any
):
    made = Evidence.objects.bulk_create(
        Evidence(kind="link", url="https://a.vn", title=f"Bài {n}", dated=date(2026, 1, 2))
        for n in range(450)
    )
    Fulfilment.objects.bulk_create(Fulfilment(slot=slots[0], evidence=one) for one in made)
    with django_assert_max_num_queries(25):
        folder = take(planner, plan=slots[0].activity.plan_id)
    assert len(index(folder)) == 450
    assert len(set(folder.namelist())) == 453


def fill(slot: Slot, count: int) -> None:
    """Give the slot so many more pieces, every other one an article that the channels keep."""
    first = Evidence.objects.count()
    made = Evidence.objects.bulk_create(
        Evidence(
            kind="article" if number % 2 else "link",
            story=uuid.UUID(int=number + 1) if number % 2 else None,
            url=f"https://a.vn/{number}",
            title=f"Bài {number}",
            dated=date(2026, 1, 2),
        )
        for number in range(first, first + count)
    )
    Fulfilment.objects.bulk_create(Fulfilment(slot=slot, evidence=one) for one in made)


def weighed(slot: Slot) -> tuple[int, int, int]:
    """Write the folder and forget it; return queries, the most memory held, the largest piece."""
    plan = Plan.objects.get(pk=slot.activity.plan_id)
    made = Folder(plan, Slot.objects.with_progress(), timezone.now())
    tracemalloc.start()
    with CaptureQueriesContext(connection) as queries:
        largest = max(len(piece) for piece in made.pieces())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return len(queries), peak, largest


def test_two_thousand_pieces_are_read_in_batches_and_never_held_together(slots: list[Slot]):
    fill(slots[0], PIECE)
    weighed(slots[0])  # what is loaded once
    queries, peak, largest = weighed(slots[0])
    fill(slots[0], 2_000 - PIECE)
    many, more, larger = weighed(slots[0])
    batches = 2_000 // PIECE
    assert many - queries == 2 * (batches - 1)  # the stories of a batch, and their deliveries
    # Names and checksums of what lies in the folder stay at hand, and what ends a ZIP lists them.
    assert (more - peak) / (2_000 - PIECE) < 4_096
    assert larger < max(2 * largest, 3 * 2_000 * 100)


def test_the_index_can_be_printed(slots: list[Slot], planner: Client):
    evidence(slots[0], title="Biên bản\x0b <số> 1", place="Hội trường")
    evidence(slots[2], kind="file", document=document())
    folder = take(planner, plan=slots[0].activity.plan_id)
    [name] = [name for name in folder.namelist() if name.endswith("MUC-LUC.docx")]
    text = docx.Document(io.BytesIO(folder.read(name)))
    [table] = text.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][0] == "STT"
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert [row[2] for row in rows[1:]] == ["Sở A", "Sở B"]
    assert "<số> 1, Hội trường" in rows[1][5]
    assert rows[2][-1].endswith(".pdf")
    assert rows[2][-1] in {path.partition("/")[2] for path in folder.namelist()}
    [section] = text.sections
    assert section.page_width > section.page_height
    assert "95/KH-UBND" in text.paragraphs[0].text


def test_photos_are_in_it(slots: list[Slot], planner: Client):
    photo = store_photo(factories.image_file(), "Hội nghị", None)
    evidence(slots[0], kind="photo", picture=photo, place="Hội trường")
    [row] = index(take(planner, plan=slots[0].activity.plan_id))
    assert "Hội trường" in row.values()
    assert str(row["Tệp trong thư mục này"]).endswith((".jpg", ".png"))


@given(st.text(max_size=90))
def test_every_name_is_one_that_windows_takes(name: str):
    found = safe(name)
    assert 0 < len(found) <= 49
    assert not set(found) & set('\\/:*?"<>|')
    assert found == found.strip(" .")
    assert found.partition(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1", "lpt9"}
    assert found.isprintable()
