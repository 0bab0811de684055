"""The unit values and limits of the law, who may do what, and the rate of tax as far as known."""

from datetime import date
from decimal import Decimal

from django.db import migrations

from editorial.granting import grant

# Government decrees on the base salary; the unit value is a tenth (Decree 18/2014/NĐ-CP).
BASE_SALARIES = (
    (date(2018, 7, 1), 1_390_000, "Nghị định 72/2018/NĐ-CP"),
    (date(2019, 7, 1), 1_490_000, "Nghị định 38/2019/NĐ-CP"),
    (date(2023, 7, 1), 1_800_000, "Nghị định 24/2023/NĐ-CP"),
    (date(2024, 7, 1), 2_340_000, "Nghị định 73/2024/NĐ-CP"),
    (date(2026, 7, 1), 2_530_000, "Nghị định 161/2026/NĐ-CP"),
)
DECREE = "Nghị định 18/2014/NĐ-CP"
SINCE = date(2014, 6, 1)
CAPS = {
    "news": 10, "answer": 10, "photo": 10, "infographic": 10,
    "feature": 30, "reportage": 30, "interview": 30, "reflection": 30, "commentary": 30,
    "video": 50,
}  # fmt: skip
TAX_NOTE = "Mức áp dụng đến năm 2025; kiểm tra lại theo Luật Thuế thu nhập cá nhân hiện hành."
RECORDS = ("royaltyscheme", "unitvalue", "coefficientcap", "taxrule", "quota")
VIEW = [f"editorial.view_{name}" for name in RECORDS]
KEEP = [f"editorial.{verb}_{name}" for verb in ("add", "change", "delete") for name in RECORDS]
SHEETS = "editorial.view_royaltysheet"
MARK, APPROVE = "editorial.mark_royalties", "editorial.approve_royalties"
ROLES = {
    "Biên tập viên": [SHEETS, MARK, *VIEW],
    "Ban Biên tập": [SHEETS, MARK, APPROVE, *VIEW],
    "Quản trị viên": [SHEETS, *VIEW, *KEEP],
}


def load(apps, schema_editor):
    UnitValue = apps.get_model("editorial", "UnitValue")
    for day, salary, basis in BASE_SALARIES:
        UnitValue.objects.create(effective_from=day, base_salary=salary, basis=basis)
    Cap = apps.get_model("editorial", "CoefficientCap")
    for genre, maximum in CAPS.items():
        Cap.objects.create(genre=genre, effective_from=SINCE, maximum=maximum, basis=DECREE)
    apps.get_model("editorial", "TaxRule").objects.create(
        effective_from=SINCE, threshold=2_000_000, percent=Decimal(10), note=TAX_NOTE
    )
    grant(apps, ROLES)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0009_royalties")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
