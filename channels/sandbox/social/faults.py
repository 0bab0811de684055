"""Faults on demand. An account's ``faults`` is a list consumed in order.

Each is an object with ``fault``, perhaps ``call`` (the end of the path it waits for), and what the
fault needs: ``code``, ``subcode``, ``message``, ``headers`` of an ``error``; ``seconds`` of a wait.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from channels.sandbox.social.models import SandboxAccount

RENEWAL = "oauth"  # only a fault that names it meets the renewal of the access


class Fault(BaseModel):
    """One fault. ``slow``, ``silence`` and ``cut`` happen after the call was carried out."""

    model_config = ConfigDict(extra="forbid")

    fault: Literal["error", "expire", "bad_gateway", "html", "slow", "silence", "cut"]
    call: str | None = None
    code: int | None = None
    subcode: int | None = None
    message: str | None = None
    headers: dict[str, str] | None = None
    seconds: float | None = Field(None, ge=0, le=60)


class Order(BaseModel):
    """What to change about an account; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    service: Literal["zalo", "facebook"]
    number: str
    faults: list[Fault] | None = None
    broadcasts_left: int | None = Field(None, ge=0, le=1000)


def take(account: SandboxAccount, path: str) -> dict[str, Any]:
    """Take the next fault meant for this call off the list; empty when there is none."""
    for index, fault in enumerate(account.faults):
        wanted = str(fault.get("call", ""))
        if path.endswith(wanted) and (wanted or path != RENEWAL):
            account.faults = account.faults[:index] + account.faults[index + 1 :]
            account.save(update_fields=["faults"])
            return dict(fault)
    return {}


def apply_order(order: Order) -> SandboxAccount:
    """Change the account and return it. Raises ``SandboxAccount.DoesNotExist``."""
    account = SandboxAccount.objects.get(service=order.service, number=order.number)
    if order.faults is not None:
        account.faults = [fault.model_dump(exclude_none=True) for fault in order.faults]
    if order.broadcasts_left is not None:
        account.broadcasts_left = order.broadcasts_left
    account.save()
    return account
