"""Addresses of agencies' own plans in the admin."""

from django.urls import URLPattern, path

from campaigns.ownplans.admin import editing, pages

PARENT, OWN = "own-plans/of/<int:pk>/", "own-plans/<int:pk>/"
URLS: list[URLPattern] = [
    path("own-plans/", pages.start, name="campaigns_own_plans"),
    path(PARENT, pages.table, name="campaigns_own_plans_table"),
    path(f"{PARENT}<int:agency>/", pages.choose, name="campaigns_own_plan_choose"),
    path(OWN, pages.show, name="campaigns_own_plan"),
    path(f"{OWN}edit/", editing.texts, name="campaigns_own_plan_edit"),
    path(f"{OWN}lines/add/", editing.add_line, name="campaigns_own_plan_add_line"),
    path(f"{OWN}lines/<int:line>/", editing.line, name="campaigns_own_plan_line"),
    path(
        f"{OWN}lines/<int:line>/remove/", editing.remove_line, name="campaigns_own_plan_remove_line"
    ),
    path(f"{OWN}discard/", pages.discard, name="campaigns_own_plan_discard"),
    path(f"{OWN}submit/", pages.submit, name="campaigns_own_plan_submit"),
    path(f"{OWN}return/", pages.send_back, name="campaigns_own_plan_return"),
    path(f"{OWN}accept/", pages.accept, name="campaigns_own_plan_accept"),
]
