"""Addresses of periodic reports in the admin."""

from django.urls import URLPattern, path, re_path

from campaigns.reporting.admin import periods, reports, rollups

REPORT, PERIOD = "reporting/<int:pk>/", "reporting/periods/<int:pk>/"
URLS: list[URLPattern] = [
    path("reporting/", periods.start, name="campaigns_reporting"),
    path("reporting/year/", periods.add_year, name="campaigns_reporting_year"),
    path("reporting/periods/add/", periods.add, name="campaigns_reporting_period_add"),
    path(f"{PERIOD}edit/", periods.edit, name="campaigns_reporting_period_edit"),
    path(f"{PERIOD}delete/", periods.delete, name="campaigns_reporting_period_delete"),
    path(f"{PERIOD}begin/", reports.begin, name="campaigns_reporting_begin"),
    path(PERIOD, rollups.show, name="campaigns_reporting_table"),
    path(f"{PERIOD}roll-up/", rollups.make, name="campaigns_reporting_roll_up"),
    path(REPORT, reports.show, name="campaigns_report"),
    path(f"{REPORT}edit/", reports.edit, name="campaigns_report_edit"),
    path(f"{REPORT}trace/", reports.trace, name="campaigns_report_trace"),
    path(f"{REPORT}submit/", reports.submit, name="campaigns_report_submit"),
    path(f"{REPORT}return/", reports.send_back, name="campaigns_report_return"),
    path(f"{REPORT}accept/", reports.accept, name="campaigns_report_accept"),
    path(f"{REPORT}gather/", rollups.gather, name="campaigns_report_gather"),
    re_path(
        r"^reporting/(?P<pk>\d+)/file/(?P<form>docx|pdf|xlsx)/$",
        reports.download,
        name="campaigns_report_file",
    ),
]
