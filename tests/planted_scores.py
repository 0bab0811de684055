"""Every commune of a province has scored itself."""

from datetime import date
from decimal import Decimal
from typing import Any


def plant(prefix: str = "nam-xa-") -> Any:
    """Write an assessment by the sample set for each agency of that kind; return the last one."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    from campaigns.scoring import actions, samples  # noqa: PLC0415
    from campaigns.scoring.exchange import store  # noqa: PLC0415
    from campaigns.scoring.models import Answer, Assessment  # noqa: PLC0415
    from organisations.models import Organisation  # noqa: PLC0415

    year = date(timezone.localdate().year, 1, 1).year
    made = store(samples.sample(samples.PROVINCE, year))
    actions.open_set(made, None)
    agencies = Organisation.objects.filter(code__startswith=prefix)
    rows = [actions.begin(made, agency, None) for agency in agencies]
    criteria = [one for one in made.criteria.all() if one.is_scored]
    Answer.objects.bulk_create(
        Answer(assessment=row, criterion=one, self_points=one.maximum * Decimal("0.7"))
        for row in rows
        for one in criteria
    )
    return Assessment.objects.get(pk=rows[-1].pk)
