"""Files of evidence: where they lie, and who reads them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client

from campaigns.admin.slot_forms import store_document, store_photo
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.slots import access
from campaigns.slots.models import Slot
from media.models import Attachment, Picture
from organisations.models import Organisation, User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ROLES = ("reporter", "editor", "approver", "planner", "officer", "administrator")


@pytest.fixture
def slot(db: None) -> Slot:
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh")
    plan = Plan.objects.create(title="Kế hoạch", year=2026, issuer=issuer, number="95/KH-UBND")
    return Slot.objects.create(
        activity=Activity.objects.create(plan=plan, content="Báo cáo"),
        organisation=Organisation.objects.create(code="so-a", name="Sở A"),
        period_start=date(2026, 1, 1),
        opens_on=date(2026, 1, 1),
        due_on=date(2026, 1, 28),
    )


def held_by(slot: Slot, **values: Any) -> Evidence:
    made = Evidence.objects.create(
        activity=slot.activity,
        organisation=slot.organisation,
        title="Biên bản",
        dated=date(2026, 1, 9),
        **values,
    )
    Fulfilment.objects.create(slot=slot, evidence=made)
    return made


@pytest.fixture
def document(slot: Slot) -> Attachment:
    file = store_document(ContentFile(b"%PDF-1.7 x", "bien-ban.pdf"), "Biên bản", None)
    held_by(slot, kind="file", document=file)
    return file


def body(answer: Any) -> bytes:
    found = b"".join(answer.streaming_content)
    answer.close()
    return found


def status(client: Client, path: str) -> int:
    answer = client.get(path)
    answer.close()
    return answer.status_code


def test_the_file_lies_where_no_proxy_serves_it(
    document: Attachment, settings: LazySettings, uploads: Path
):
    assert document.url == "/tai-lieu-kiem-chung/bien-ban.pdf"
    assert Path(settings.PRIVATE_ROOT, "evidence/bien-ban.pdf").exists()
    assert not list(uploads.rglob("*.pdf"))


def test_each_role_reads_what_it_may_see(
    document: Attachment,
    slot: Slot,
    as_person: Callable[[str], Client],
    person: Callable[[str], User],
):
    found = {role: status(as_person(role), document.url) for role in ROLES}
    assert found == {
        "reporter": 403, "editor": 200, "approver": 200, "planner": 200, "officer": 403,
        "administrator": 200,
    }  # fmt: skip
    person("officer").organisations.add(slot.organisation)
    answer = as_person("officer").get(document.url)
    assert body(answer) == b"%PDF-1.7 x"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_nobody_else_reads_it(document: Attachment):
    answer = Client().get(document.url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
    assert status(Client(), f"/uploads/{document.file.name}") == 404
    for path in ("../../x", "khong-co.pdf", "%00"):
        assert status(Client(), f"/tai-lieu-kiem-chung/{path}") in {302, 404}


def test_drafts_of_plans_are_for_planners(
    document: Attachment,
    slot: Slot,
    as_person: Callable[[str], Client],
    person: Callable[[str], User],
):
    Plan.objects.update(live=False)
    person("officer").organisations.add(slot.organisation)
    assert status(as_person("planner"), document.url) == 200
    assert status(as_person("officer"), document.url) == 403
    assert not access.visible(person("editor")).exists()


def test_wagtails_own_address_leads_to_the_same_question(
    document: Attachment, as_person: Callable[[str], Client]
):
    path = f"/documents/{document.pk}/{document.filename}"
    answer = as_person("officer").get(path)
    assert answer["Location"] == document.url


def test_photos_and_their_small_copies_are_private_too(
    slot: Slot, as_person: Callable[[str], Client], uploads: Path
):
    photo = store_photo(factories.image_file(), "Hội nghị", None)
    held_by(slot, kind="photo", picture=photo, place="Hội trường")
    small = photo.get_rendition("width-40")
    for url in (photo.file.url, small.url):
        assert url.startswith("/tai-lieu-kiem-chung/")
        assert status(as_person("planner"), url) == 200
        assert status(as_person("officer"), url) == 403
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_ordinary_uploads_stay_public(db: None):
    made = Attachment(title="A", file=ContentFile(b"%PDF", "a.pdf"))
    made.save()
    assert made.url.startswith("/uploads/documents/")
    assert factories.picture().file.url.startswith("/uploads/original_images/")


def test_files_of_before_are_brought_into_privacy(slot: Slot, uploads: Path, capsys: Any):
    old = Attachment(title="A", file=ContentFile(b"%PDF-1.7 x", "cu.pdf"))
    old.save()
    picture = factories.picture()
    picture.get_rendition("width-40")
    held_by(slot, kind="file", document=old)
    held_by(slot, kind="photo", picture=picture, place="Hội trường")
    call_command("protect_evidence")
    call_command("protect_evidence")
    assert "2" in capsys.readouterr().out
    old.refresh_from_db()
    assert old.url.startswith("/tai-lieu-kiem-chung/")
    with old.open_file() as file:
        assert file.read() == b"%PDF-1.7 x"
    assert Picture.objects.get(pk=picture.pk).file.url.startswith("/tai-lieu-kiem-chung/")
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_a_missing_file_does_not_exist(document: Attachment, as_person: Callable[[str], Client]):
    document.file.storage.delete(document.file.name)
    assert status(as_person("planner"), document.url) == 404
