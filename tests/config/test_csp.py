"""Every answer carries the strict policy; only a view that says so carries another."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from config import urls

POLICY = "default-src 'none'; script-src 'self' https://docs.example"


@login_not_required
def plain(request):
    return HttpResponse("plain")


@login_not_required
def docs(request):
    return HttpResponse("docs")


@login_not_required
def broken(request):
    raise RuntimeError


def members_only(request):
    return HttpResponse("for members")


docs.content_policy = POLICY  # type: ignore[attr-defined]
urlpatterns = [
    path("plain/", plain), path("docs/", docs), path("broken/", broken), path("members/", members_only),
    *urls.urlpatterns,
]  # fmt: skip
pytestmark = pytest.mark.urls(__name__)


def test_a_page_gets_the_strict_policy(client):
    headers = client.get("/plain/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_view_may_carry_its_own_policy(client):
    assert client.get("/docs/").headers["Content-Security-Policy"] == POLICY


def test_an_error_page_gets_the_strict_policy(client):
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_view_that_says_nothing_wants_a_sign_in(client):
    assert client.get("/members/").headers["Location"] == "/accounts/login/?next=/members/"


def test_static_files_carry_the_policy_too(client):
    answer = client.get("/static/django_htmx/htmx-2.min.js")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
