"""What pages share that are no list or form of Wagtail's: their frame, and what is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.admin import messages

from core.errors import RefusedError

View = Callable[..., HttpResponse]
START = "start.html"  # the template of the page that a part begins with


@dataclass(frozen=True, slots=True)
class Frame:
    """The pages of one part of planning: its templates, the page it begins with, its icon."""

    folder: str  # below templates/campaigns/
    start: str  # name of the address
    label: "str | Promise"
    icon: str

    def page(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        *steps: tuple[str, str],
        **context: Any,
    ) -> HttpResponse:
        """Return a page; ``steps`` (address, label) lie between the start of the part and it."""
        between = [(reverse(self.start), self.label), *steps] if template != START else []
        trail = [(reverse("wagtailadmin_home"), _("Home")), *between, ("", title)]
        frame = {
            "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
            "header_title": title,
            "header_icon": self.icon,
            "page_title": title,
        }
        return render(request, f"campaigns/{self.folder}/{template}", frame | context)


def back_to(name: str) -> Callable[[View], View]:
    """Let a view's ``RefusedError`` become a message on that page, whose argument is ``pk``.

    Without it the middleware goes back to where the browser says that it came from.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, pk, *args, **kwargs)
            except RefusedError as error:
                messages.error(request, str(error))
                return redirect(name, pk)

        return wrapped

    return decorate
