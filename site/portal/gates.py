"""What must hold before a person makes an item public, whichever way they do it.

Wagtail publishes from its editor, on creation, through its admin API, in bulk, by approval in a
workflow and by scheduling. All of them save a revision's schedule or announce a published page
inside the request's transaction: there every gate is asked, and a refusal undoes everything.
The clock and commands pass no gate: a person has passed them before.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from core import actor

if TYPE_CHECKING:
    from wagtail.models import Revision

    from portal.models import StoryPage


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person has been asked and has agreed to."""

    override_reason: str = ""  # why an urgent item is published without a second person
    warnings_accepted: bool = False
    correction: Any = None  # how a change to a public item is made known


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person's attempt to make one version of an item public, now or at a set time."""

    page: "StoryPage"
    revision: "Revision | None"  # ``None``: never saved yet
    user: Any
    consent: Consent


Gate = Callable[[Attempt], None]

_GATES: list[Gate] = []
_SUBMISSION_GATES: list[Gate] = []
_CONSENT: ContextVar[Consent] = ContextVar("consent", default=Consent())  # noqa: B039 - it is frozen


def register(gate: Gate) -> Gate:
    """Let the gate be asked; it raises ``core.errors.RefusedError`` to refuse. Asked in order."""
    if gate not in _GATES:
        _GATES.append(gate)
    return gate


@contextmanager
def consenting(consent: Consent) -> Iterator[None]:
    """Hand over, to the gates asked inside, what the person agreed to."""
    token = _CONSENT.set(consent)
    try:
        yield
    finally:
        _CONSENT.reset(token)


def consent() -> Consent:
    """Return what the person at work agreed to."""
    return _CONSENT.get()


def consent_from(request: HttpRequest) -> Consent:
    """Return what a person agrees to with this request, sent as a form or as JSON."""
    sent: Any = request.POST
    if request.content_type == "application/json":
        try:
            sent = json.loads(request.body or b"{}")
        except ValueError:  # the view answers to that
            sent = {}
    accepted = sent.get("accept_warnings") if hasattr(sent, "get") else None
    return Consent(warnings_accepted=str(accepted or "").lower() in {"1", "on", "true"})


class PostedConsent:
    """Hands over what came with a request to the admin, whichever view it is for.

    Bulk actions, the admin API and steps of a workflow have no place of ours in which to do so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with consenting(Consent()):  # what ``process_view`` sets ends with the request
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        if request.method == "POST" and request.path.startswith("/admin/"):
            _CONSENT.set(consent_from(request))


def register_submission(gate: Gate) -> Gate:
    """Let the gate be asked before a person puts an item into the workflow."""
    if gate not in _SUBMISSION_GATES:
        _SUBMISSION_GATES.append(gate)
    return gate


def ask_submitting(page: "StoryPage") -> None:
    """Ask what must hold before the page, as in memory, is submitted. Raises ``RefusedError``."""
    user = actor.current()
    if user is None:
        return
    attempt = Attempt(page, page.latest_revision, user, consent())
    for gate in _SUBMISSION_GATES:
        gate(attempt)


def ask(page: "StoryPage", revision: "Revision | None") -> None:
    """Ask every gate on behalf of the person at work, if there is one. Raises ``RefusedError``."""
    user = actor.current()
    if user is None or revision is None:
        return
    attempt = Attempt(page, revision, user, consent())
    for gate in _GATES:
        gate(attempt)
