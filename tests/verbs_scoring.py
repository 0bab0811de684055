"""Verbs of the permission table: criterion sets, self-scores, verification.

Everybody of the table is of the agency "own"; "elsewhere" is the agency of nobody.
"""

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from campaigns.scoring import actions, samples
from campaigns.scoring.exchange import export, store
from campaigns.scoring.models import Answer, Assessment, Criterion, CriterionSet, Proof
from organisations.models import Organisation
from tests.verbs import Actor, opens, verb


def made() -> CriterionSet:
    """The sample set, open for scoring; always the same one."""
    found = CriterionSet.objects.filter(opened_at__isnull=False).first()
    if found is None:
        found = fresh()
        actions.open_set(found, None)
    return found


def fresh() -> CriterionSet:
    """A set that is still worked on, made now."""
    return store(samples.sample(samples.COMMUNE, 2026))


def scoring(actor: Actor, agency: str = "own") -> Assessment:
    organisation, _new = Organisation.objects.get_or_create(code=agency, defaults={"name": agency})
    return actions.begin(made(), organisation, actor.other)


def submitted(actor: Actor, agency: str = "elsewhere", *, by: Any = None) -> Assessment:
    """An assessment of which every criterion was scored and handed in by somebody else."""
    found = scoring(actor, agency)
    for one in found.criteria_set.criteria.filter(rule__isnull=False):
        Answer.objects.update_or_create(
            assessment=found,
            criterion=one,
            defaults={"self_points": one.maximum, "verified_points": None, "revision": 1},
        )
    state = Assessment.State.SUBMITTED
    Assessment.objects.filter(pk=found.pk).update(state=state, submitted_by=by or actor.other)
    found.refresh_from_db()
    return found


def first(found: CriterionSet) -> Criterion:
    return found.criteria.filter(rule__isnull=False).earliest("position")


def any_set(actor: Actor) -> int:
    return made().pk


opens("open scoring", "campaigns_scoring")
opens("look at a criterion set", "campaigns_scoring_set", any_set)
opens("export a criterion set", "campaigns_scoring_export", any_set, lambda actor: "tsv")
opens("compare agencies", "campaigns_scoring_compare", any_set)
opens("export the comparison", "campaigns_scoring_compare", any_set, export="xlsx")
opens("add a criterion set", "campaigns_scoring_set_add")
opens(
    "look at own agency's scores",
    "campaigns_scoring_assessment",
    lambda actor: scoring(actor).pk,
)
opens(
    "look at a strange agency's scores",
    "campaigns_scoring_assessment",
    lambda actor: scoring(actor, "elsewhere").pk,
)
opens(
    "look at a strange agency's answer",
    "campaigns_scoring_answer",
    lambda actor: scoring(actor, "elsewhere").pk,
    lambda actor: first(made()).pk,
)


@verb("import a criterion set")
def import_set(actor: Actor) -> bool:
    file = SimpleUploadedFile("bo.tsv", export(made(), "tsv"))
    before = CriterionSet.objects.count()
    actor.post("campaigns_scoring_import", file=file)
    return CriterionSet.objects.count() > before


@verb("edit a criterion set")
def edit_set(actor: Actor) -> bool:
    found = fresh()
    form = {"title": "Bộ mẫu đã sửa", "year": "2026"}
    actor.post("campaigns_scoring_set_edit", found.pk, **form)
    found.refresh_from_db()
    return found.title == "Bộ mẫu đã sửa"


@verb("delete a criterion set")
def delete_set(actor: Actor) -> bool:
    found = fresh()
    actor.post("campaigns_scoring_set_delete", found.pk)
    return not CriterionSet.objects.filter(pk=found.pk).exists()


@verb("open a criterion set")
def open_set(actor: Actor) -> bool:
    found = fresh()
    actor.post("campaigns_scoring_set_state", found.pk)
    found.refresh_from_db()
    return found.is_open


@verb("add a criterion")
def add_criterion(actor: Actor) -> bool:
    found = fresh()
    form = {"code": "9", "title": "Mới", "maximum": "1", "method": "self", "kind": "given"}
    actor.post("campaigns_scoring_criterion_add", found.pk, **form)
    return found.criteria.filter(code="9").exists()


@verb("edit a criterion")
def edit_criterion(actor: Actor) -> bool:
    one = first(fresh())
    form = {"code": one.code, "title": "Đã sửa", "maximum": "1", "method": "self",
            "kind": "given", "parent": one.parent_id}  # fmt: skip
    actor.post("campaigns_scoring_criterion", one.pk, **form)
    return Criterion.objects.get(pk=one.pk).title == "Đã sửa"


@verb("delete a criterion")
def delete_criterion(actor: Actor) -> bool:
    one = first(fresh())
    actor.post("campaigns_scoring_criterion_delete", one.pk)
    return not Criterion.objects.filter(pk=one.pk).exists()


def begun(actor: Actor, agency: str) -> bool:
    organisation, _new = Organisation.objects.get_or_create(code=agency, defaults={"name": agency})
    found = made()
    found.assessments.all().delete()
    actor.post("campaigns_scoring", criteria_set=found.pk, organisation=organisation.pk)
    return found.assessments.exists()


@verb("begin own agency's scores")
def begin_own(actor: Actor) -> bool:
    return begun(actor, "own")


@verb("begin a strange agency's scores")
def begin_strange(actor: Actor) -> bool:
    return begun(actor, "elsewhere")


def said(actor: Actor, agency: str) -> bool:
    found = scoring(actor, agency)
    found.answers.all().delete()
    Assessment.objects.filter(pk=found.pk).update(state=Assessment.State.DRAFT)
    form = {"now-done": "9", "now-planned": "10", "seen": "0"}
    actor.post("campaigns_scoring_answer", found.pk, first(made()).pk, **form)
    return found.answers.filter(self_points=Decimal("0.9")).exists()


@verb("score own agency")
def score_own(actor: Actor) -> bool:
    return said(actor, "own")


@verb("score a strange agency")
def score_strange(actor: Actor) -> bool:
    return said(actor, "elsewhere")


@verb("prove own agency's score")
def prove(actor: Actor) -> bool:
    found = scoring(actor)
    Assessment.objects.filter(pk=found.pk).update(state=Assessment.State.DRAFT)
    Proof.objects.all().delete()
    form = {"proof-url": "https://example.vn/tin"}
    actor.post("campaigns_scoring_proof", found.pk, first(made()).pk, **form)
    return Proof.objects.exists()


@verb("take own agency's proof away")
def unprove(actor: Actor) -> bool:
    found = scoring(actor)
    Assessment.objects.filter(pk=found.pk).update(state=Assessment.State.DRAFT)
    answer, _new = Answer.objects.get_or_create(assessment=found, criterion=first(made()))
    proof = Proof.objects.create(answer=answer, title="Tin", url="https://example.vn/tin")
    actor.post("campaigns_scoring_proof_remove", proof.pk)
    return not Proof.objects.filter(pk=proof.pk).exists()


def handed_in(actor: Actor, agency: str) -> bool:
    found = submitted(actor, agency)
    Assessment.objects.filter(pk=found.pk).update(state=Assessment.State.DRAFT)
    actor.post("campaigns_scoring_submit", found.pk)
    found.refresh_from_db()
    return found.state == Assessment.State.SUBMITTED


@verb("submit own agency's scores")
def submit_own(actor: Actor) -> bool:
    return handed_in(actor, "own")


@verb("submit a strange agency's scores")
def submit_strange(actor: Actor) -> bool:
    return handed_in(actor, "elsewhere")


@verb("send an agency's scores back")
def send_back(actor: Actor) -> bool:
    found = submitted(actor)
    actor.post("campaigns_scoring_return", found.pk, reason="Thiếu tài liệu kiểm chứng")
    found.refresh_from_db()
    return found.state == Assessment.State.RETURNED


@verb("verify a score")
def verify(actor: Actor) -> bool:
    found = submitted(actor)
    form = {"points": "0,5", "reason": "Thiếu tài liệu", "seen": "1"}
    actor.post("campaigns_scoring_verify", found.pk, first(made()).pk, **form)
    return found.answers.filter(verified_points=Decimal("0.5")).exists()


def closed(actor: Actor, found: Assessment) -> bool:
    actor.post("campaigns_scoring_finish", found.pk)
    found.refresh_from_db()
    return found.state == Assessment.State.VERIFIED


@verb("close a verification")
def finish(actor: Actor) -> bool:
    return closed(actor, submitted(actor))


@verb("verify what they submitted")
def finish_own(actor: Actor) -> bool:
    return closed(actor, submitted(actor, by=actor.user))


def page_of(actor: Actor) -> HttpResponse:
    return actor.get("campaigns_scoring_criterion", first(fresh()).pk)


verb("open the editor of a criterion")(page_of)
