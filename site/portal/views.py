"""Views that are not pages."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.search import LONGEST_QUERY, cleaned, found

RESULTS_PER_PAGE = 10


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``/tim-kiem/?q=&trang=``: articles and announcements that hold all the words."""
    query = cleaned(request.GET.get("q", ""))
    items = Paginator(found(query), RESULTS_PER_PAGE).get_page(request.GET.get("trang"))
    context = {"query": query, "items": items, "longest_query": LONGEST_QUERY}
    return render(request, "portal/search.html", context)
