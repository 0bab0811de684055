"""What every request passes through."""

import unicodedata
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RefusedError
from core.middleware import AtomicAdmin, FriendlyNotFound, NormaliseInput, back_to
from organisations.models import User
from tests import factories

DECOMPOSED = unicodedata.normalize("NFD", "Kế hoạch đẩy mạnh cải cách")


def passed_on(request: HttpRequest) -> HttpRequest:
    """Return the request as a view gets it."""
    middleware = NormaliseInput(lambda request: HttpResponse())
    middleware(request)
    middleware.process_view(request)
    return request


@given(st.text())
def test_forms_arrive_composed(text: str) -> None:
    request = passed_on(RequestFactory().post("/?q=" + DECOMPOSED, {"title": text}))
    assert request.POST["title"] == unicodedata.normalize("NFC", request.POST["title"])
    assert request.GET["q"] == unicodedata.normalize("NFC", DECOMPOSED)


def test_lists_and_file_names_arrive_composed() -> None:
    upload = SimpleUploadedFile(DECOMPOSED + ".txt", b"x")
    request = passed_on(RequestFactory().post("/", {"a": [DECOMPOSED, "b"], "file": upload}))
    assert request.POST.getlist("a") == [unicodedata.normalize("NFC", DECOMPOSED), "b"]
    assert request.FILES["file"].name == unicodedata.normalize("NFC", DECOMPOSED) + ".txt"


def test_a_page_saved_in_the_admin_is_composed(
    as_person: Callable[[str], Client], administrator: User
) -> None:
    home = factories.site_tree().home
    url = reverse("wagtailadmin_pages:add", args=["portal", "sectionindexpage", home.pk])
    as_person("administrator").get(url)
    section = factories.tree.section(factories.site_tree(), DECOMPOSED)
    assert section.title == unicodedata.normalize("NFC", DECOMPOSED)


@pytest.mark.django_db
def test_scripts_are_strict_on_the_portal_and_inline_only_in_the_admin() -> None:
    factories.site_tree()
    portal = Client().get("/").headers["Content-Security-Policy"]
    admin = Client().get("/admin/login/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in portal
    assert "script-src 'self' 'unsafe-inline'" in admin


@pytest.mark.django_db
def test_a_refusal_in_the_admin_undoes_everything_and_says_why(
    rf: RequestFactory, client: Client
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        factories.channel("nua-chung")
        raise RefusedError("Không được")

    came_from = {"referer": "http://testserver/admin/pages/3/"}
    request = client.post("/admin/login/", headers=came_from).wsgi_request
    request.path = "/admin/pages/"
    response = AtomicAdmin(lambda request: HttpResponse()).process_view(request, view, [], {})
    assert response is not None
    assert response.headers["Location"] == "http://testserver/admin/pages/3/"
    assert [str(message) for message in request._messages] == ["Không được"]
    assert not factories.Channel.objects.exists()


def test_people_are_never_sent_to_a_foreign_site(rf: RequestFactory) -> None:
    request = rf.post("/admin/", headers={"referer": "https://evil.example/admin/"})
    assert back_to(request) == reverse("wagtailadmin_home")


@pytest.mark.django_db
def test_health_addresses_answer() -> None:
    assert Client().get("/healthz").content == b"ok\n"
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readers_of_the_demo_get_the_portals_own_404_page() -> None:
    factories.site_tree()
    middleware = FriendlyNotFound(lambda request: HttpResponse())
    lost = middleware.process_exception(RequestFactory().get("/khong-co/"), Http404())
    assert lost is not None
    assert lost.status_code == 404
    assert "Không tìm thấy" in lost.content.decode()
    assert middleware.process_exception(RequestFactory().get("/admin/x/"), Http404()) is None
    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None
