"""Who may look at reports, and who may do something about one."""

from typing import Any

from campaigns.reporting.models import Report

WRITE = "campaigns.write_report"
ACCEPT = "campaigns.accept_report"
PERIODS = ("campaigns.add_reportingperiod", "campaigns.change_reportingperiod")


def may_look(user: Any) -> bool:
    """Whether the person has anything to do with reports."""
    return bool(user.has_perm(WRITE) or user.has_perm(ACCEPT))


def is_own(user: Any, report: Report) -> bool:
    """Whether the person writes for the report's agency."""
    if report.is_roll_up:
        return bool(user.has_perm(ACCEPT))
    mine: bool = user.organisations.filter(pk=report.organisation_id).exists()
    return bool(user.has_perm(WRITE)) and mine


def may_read(user: Any, report: Report) -> bool:
    return bool(user.has_perm(ACCEPT)) or is_own(user, report)
