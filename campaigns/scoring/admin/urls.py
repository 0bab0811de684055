"""Addresses of scoring in the admin."""

from django.urls import URLPattern, path, re_path

from campaigns.scoring.admin import assessments, sets

SET, ASSESSMENT = "scoring/sets/<int:pk>/", "scoring/assessments/<int:pk>/"
URLS: list[URLPattern] = [
    path("scoring/", sets.start, name="campaigns_scoring"),
    path("scoring/sets/add/", sets.add, name="campaigns_scoring_set_add"),
    path("scoring/sets/import/", sets.import_set, name="campaigns_scoring_import"),
    path(SET, sets.show, name="campaigns_scoring_set"),
    path(f"{SET}edit/", sets.edit, name="campaigns_scoring_set_edit"),
    path(f"{SET}delete/", sets.delete, name="campaigns_scoring_set_delete"),
    path(f"{SET}state/", sets.state, name="campaigns_scoring_set_state"),
    path(f"{SET}add/", sets.add_criterion, name="campaigns_scoring_criterion_add"),
    path(f"{SET}compare/", assessments.compare, name="campaigns_scoring_compare"),
    re_path(
        r"^scoring/sets/(?P<pk>\d+)/export/(?P<form>xlsx|tsv)/$",
        sets.export_set,
        name="campaigns_scoring_export",
    ),
    path("scoring/criteria/<int:pk>/", sets.edit_criterion, name="campaigns_scoring_criterion"),
    path(
        "scoring/criteria/<int:pk>/delete/",
        sets.delete_criterion,
        name="campaigns_scoring_criterion_delete",
    ),
    path(ASSESSMENT, assessments.show, name="campaigns_scoring_assessment"),
    path(f"{ASSESSMENT}submit/", assessments.submit, name="campaigns_scoring_submit"),
    path(f"{ASSESSMENT}return/", assessments.send_back, name="campaigns_scoring_return"),
    path(f"{ASSESSMENT}finish/", assessments.finish, name="campaigns_scoring_finish"),
    path(f"{ASSESSMENT}<int:criterion>/", assessments.answer, name="campaigns_scoring_answer"),
    path(
        f"{ASSESSMENT}<int:criterion>/verify/",
        assessments.verify,
        name="campaigns_scoring_verify",
    ),
    path(
        f"{ASSESSMENT}<int:criterion>/proof/",
        assessments.add_proof,
        name="campaigns_scoring_proof",
    ),
    path(
        "scoring/proofs/<int:pk>/remove/",
        assessments.remove_proof,
        name="campaigns_scoring_proof_remove",
    ),
]
