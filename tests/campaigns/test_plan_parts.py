"""Bases, sections, signature and annexes: shown, printed as the decree wants, and read again."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaigns.derive import derive
from campaigns.exporting import mapping, signing
from campaigns.exporting.files import export
from campaigns.importing.facts import Facts
from campaigns.importing.files import read_bytes
from campaigns.importing.founding import find_bases, read_basis
from campaigns.importing.store import Draft, read_draft, store
from campaigns.models import Annex, LegalBasis, Plan, PlanBasis
from campaigns.plans.bases import bases_of, outdated
from media.documents.checking.report import check
from media.documents.composing import compose
from media.documents.model import plain
from organisations.models import Organisation

pytestmark = pytest.mark.one_database

DECREE = {
    "kind": "Nghị định",
    "number": "30/2020/NĐ-CP",
    "authority": "Chính phủ",
    "issued_on": date(2020, 3, 5),
    "title": "về công tác văn thư",
}
LAW = {"kind": "Luật", "title": "Tổ chức chính quyền địa phương", "issued_on": date(2015, 6, 19)}


@pytest.fixture
def bases(db: None) -> list[LegalBasis]:
    return [LegalBasis.objects.create(**LAW), LegalBasis.objects.create(**DECREE)]


@pytest.fixture
def whole(plan: Plan, bases: list[LegalBasis]) -> Plan:
    """The plan of the demo with every part that a plan may have."""
    plan.plan_bases = [PlanBasis(basis=one, sort_order=n) for n, one in enumerate(bases)]
    plan.annexes = [Annex(title="Khẩu hiệu tuyên truyền", text="<p>1. Cải cách để phục vụ.</p>")]
    plan.introduction = "<p>Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:</p>"
    plan.purposes = "<p>- Nâng cao nhận thức.</p>"
    plan.requirements = "<p>- Thiết thực &amp; hiệu quả.</p>"
    plan.timing = "<p>Từ tháng 4 đến tháng 12 năm 2021.</p>"
    plan.kind, plan.combined_number = Plan.Kind.COMBINED, "12/KH-UBND"
    plan.combined_on = date(2021, 1, 15)
    plan.responsible = "Thủ trưởng các sở, ban, ngành"
    plan.authority, plan.signer_title = Plan.Authority.DEPUTY, "Phó Chủ tịch"
    plan.signer = "Nguyễn Văn A"
    plan.save()
    return Plan.objects.get(pk=plan.pk)


def lines(plan: Plan) -> list[str]:
    composed = compose(mapping.document_of(plan, list(plan.activities.all())))
    return [plain(line.text) for line in composed.flow if hasattr(line, "text")]


def test_bases_are_printed_in_order_as_the_decree_wants(whole: Plan):
    assert lines(whole)[:2] == [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác "
        "văn thư.",
    ]


def test_every_part_stands_in_its_place(whole: Plan):
    found = lines(whole)
    titles = [line for line in found if line[:2].strip(".") in {"I", "II", "III", "IV", "V", "VI"}]
    assert "1. Mục đích" in found
    assert "2. Yêu cầu" in found
    assert any("THỜI GIAN THỰC HIỆN" in line for line in titles)
    assert (
        "Kế hoạch này được lồng ghép trong Kế hoạch cải cách hành chính số 12/KH-UBND ngày 15 "
        in (" ".join(found))
    )
    assert any("Thủ trưởng các sở, ban, ngành" in line for line in found)
    document = compose(mapping.document_of(whole, list(whole.activities.all())))
    assert document.authority == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert [each.label for each in document.appendices] == ["Phụ lục I", "Phụ lục II"]


@pytest.mark.parametrize(
    ("authority", "of", "title", "expected"),
    [
        ("tm", "", "", ("TM. Ủy ban nhân dân", "Chủ tịch")),
        ("kt", "", "Phó Chủ tịch", ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch")),
        ("tl", "", "Chánh Văn phòng", ("TL. Chủ tịch", "Chánh Văn phòng")),
        ("tuq", "Chủ tịch", "Giám đốc Sở Nội vụ", ("TUQ. Chủ tịch", "Giám đốc Sở Nội vụ")),
    ],
)
def test_authority_lines(authority: str, of: str, title: str, expected: tuple[str, ...]):
    name = "Ủy ban nhân dân tỉnh Lạng Sơn"
    issuer = Organisation(name=name, kind=Organisation.Kind.PEOPLES_COMMITTEE)
    plan = Plan(issuer=issuer, authority=authority, authority_of=of, signer_title=title)
    assert signing.signature_of(plan).authority == expected


def test_the_whole_plan_breaks_no_rule(whole: Plan):
    broken = check(export(whole, "docx").data).broken
    assert [(each.rule, each.broken) for each in broken] == []
    assert export(whole, "pdf").data.startswith(b"%PDF")


def again(plan: Plan) -> Draft:
    return read_draft(read_bytes(export(plan, "docx").data), Facts(), date(2021, 4, 21))


def test_what_is_exported_is_imported_again(whole: Plan):
    parts = again(whole).parts
    assert parts.bases == tuple(one.words for one in bases_of(whole))
    assert parts.texts["purposes"] == whole.purposes
    assert parts.texts["requirements"] == whole.requirements
    assert parts.texts["timing"] == whole.timing
    assert parts.texts["introduction"] == whole.introduction
    for name in ("combined_number", "combined_on", "responsible", "authority", "signer_title"):
        assert parts.texts[name] == getattr(whole, name), name
    assert parts.texts["signer"] == "Nguyễn Văn A"
    assert parts.texts["recipients"].splitlines()[:2] == whole.recipients.splitlines()[:2]
    assert parts.annexes == (("Khẩu hiệu tuyên truyền", "<p>1. Cải cách để phục vụ.</p>"),)


def test_an_import_brings_the_same_document(whole: Plan):
    draft = again(whole)
    before = lines(whole)
    store(draft)
    whole.refresh_from_db()
    assert lines(Plan.objects.get(pk=whole.pk)) == before
    assert LegalBasis.objects.count() == 2


def test_unknown_bases_are_offered_and_else_stay_words(whole: Plan):
    draft = again(whole)
    PlanBasis.objects.all().delete()
    LegalBasis.objects.filter(number="30/2020/NĐ-CP").delete()
    named = find_bases(draft.parts.bases)
    assert [each.known is None for each in named] == [False, True]
    proposed: Any = named[1].proposed
    assert (proposed.kind, proposed.number, proposed.authority, proposed.issued_on) == (
        "Nghị định", "30/2020/NĐ-CP", "Chính phủ", date(2020, 3, 5),
    )  # fmt: skip
    store(draft)
    kept = Plan.objects.get(pk=whole.pk)
    assert [one.kind for one in bases_of(kept)] == ["Luật"]
    assert "30/2020/NĐ-CP" in kept.introduction


@pytest.mark.parametrize(
    ("words", "kind", "number", "title"),
    [
        ("Luật Báo chí ngày 05 tháng 4 năm 2016", "Luật", "", "Báo chí"),
        (
            "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành Chương trình tổng thể",
            "Nghị quyết", "76/NQ-CP", "ban hành Chương trình tổng thể",
        ),
        ("Quyết định số 12/QĐ-UBND", "Quyết định", "12/QĐ-UBND", "Quyết định số 12/QĐ-UBND"),
    ],
)  # fmt: skip
def test_bases_are_read(words: str, kind: str, number: str, title: str):
    read: Any = read_basis(words)
    assert (read.kind, read.number, read.title) == (kind, number, title)


def test_words_that_name_no_document_are_no_basis():
    assert read_basis("tình hình thực tế của địa phương") is None


def test_a_basis_that_ended_is_warned_of_and_replaced_next_year(
    whole: Plan, bases: list[LegalBasis], planner: Client
):
    later = LegalBasis.objects.create(kind="Nghị định", number="99/2025/NĐ-CP", title="mới")
    old = bases[1]
    old.valid_to, old.replaced_by = date(2020, 12, 31), later
    old.save()
    assert outdated(bases_of(whole), whole.issued_on) == [old]
    page = planner.get(f"/admin/plans/inspect/{whole.pk}/").content.decode()
    assert "Căn cứ không còn hiệu lực" in page
    assert "99/2025/NĐ-CP" in page
    new = derive(whole, 2027, "1/KH-UBND", date(2027, 1, 5))
    assert [one.number for one in bases_of(new)] == ["", "99/2025/NĐ-CP"]
    assert any(note["reason"] == "basis-ended" for note in new.review_notes)
    assert [annex.title for annex in new.annexes.all()] == ["Khẩu hiệu tuyên truyền"]


def test_the_public_page_shows_every_part(whole: Plan, client: Client):
    whole.save_revision().publish()
    page = client.get(whole.get_absolute_url()).content.decode()
    for words in ("30/2020/NĐ-CP", "12/KH-UBND", "Khẩu hiệu tuyên truyền", "Yêu cầu", "Thủ trưởng"):
        assert words in page, words


def test_a_draft_keeps_its_bases_until_it_is_published(whole: Plan, bases: list[LegalBasis]):
    draft = whole.get_latest_revision_as_object()
    draft.plan_bases = [PlanBasis(basis=bases[1])]
    revision = draft.save_revision()
    assert len(bases_of(Plan.objects.get(pk=whole.pk))) == 2
    revision.publish()
    assert bases_of(Plan.objects.get(pk=whole.pk)) == [bases[1]]
