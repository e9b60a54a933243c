"""The frame of every page, sign-in, and the pages of errors."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.template.loader import render_to_string
from django.urls import path

from config import urls
from issues.views.patterns import patterns

ISSUES = {
    "label": "Active issues",
    "url": "/issues/",
    "icon": "list",
    "count": 6412,
    "current": True,
    "short": "Issues",
}
RAISED = {"label": "Raised by us", "url": "/issues/?change=raised", "icon": "", "count": 61}
NAV = {
    "groups": [{"label": "", "items": [ISSUES]}, {"label": "Saved views", "items": [RAISED]}],
    "importing": 62,
    "warning": {"text": "Token runs out", "url": "/connectors/"},
    "foot": [{"label": "EPSS scores", "value": "6 h old"}],
}


@login_not_required
def failing(request, kind):
    raise {"400": BadRequest, "403": PermissionDenied, "500": RuntimeError}[kind]


urlpatterns = [path("failing/<kind>/", failing), path("patterns/", patterns), *urls.urlpatterns]


def page(rf, **context):
    request = rf.get("/")
    request.COOKIES["theme"] = "dark"
    return render_to_string("base.html", {"request": request, "nav": NAV, "user": User(username="ben"), **context})


def test_the_frame_shows_where_one_is_and_what_runs(rf):
    drawn = page(rf)
    assert '<html lang="en" data-theme="dark">' in drawn
    assert drawn.count('aria-current="page"') == 2  # list, and bar of phones
    assert '<span class="count">6,412</span>' in drawn
    assert "<b>62 %</b>" in drawn
    assert "Token runs out" in drawn
    assert "<dt>EPSS scores</dt><dd>6 h old</dd>" in drawn


def test_nothing_runs_and_nobody_is_needed(rf):
    drawn = page(rf, nav={"groups": [], "importing": None})
    assert "Importing" not in drawn
    assert "run-pill" not in drawn


def test_an_import_that_has_just_begun_shows(rf):
    assert "<b>0 %</b>" in page(rf, nav={"groups": [], "importing": 0})


def test_one_gets_to_the_content_and_out(rf):
    drawn = page(rf)
    assert drawn.index('<a class="skip" href="#page">') < drawn.index("<header")
    assert '<form method="post" action="/accounts/logout/">' in drawn
    assert 'id="live" role="status"' in drawn


def test_htmx_neither_evaluates_nor_writes_styles(rf):
    assert '"includeIndicatorStyles":false,"allowEval":false' in page(rf)


def test_signing_in(client, db):
    answer = client.get("/accounts/login/?next=/connectors/").content.decode()
    assert 'name="username"' in answer
    assert 'class="input input-lg"' in answer
    assert '<input type="hidden" name="next" value="/connectors/">' in answer
    assert 'role="alert"' in client.post("/accounts/login/", {"username": "ada", "password": "x"}).content.decode()


def test_the_first_password_or_a_link_that_is_too_old():
    context = {"form": SetPasswordForm(User(username="admin")), "validlink": True}
    assert "For the account <b>admin</b>" in render_to_string("registration/set_password.html", context)
    assert "This link no longer works" in render_to_string("registration/set_password.html", {"validlink": False})


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/failing/400/", 400, "could not be read"),
        ("/failing/403/", 403, "You may not open this"),
        ("/nowhere/", 404, "nothing at this address"),
        ("/failing/500/", 500, "could not be made"),
    ],
)
def test_errors_say_what_to_do(vic_client, address, status, words):
    vic_client.raise_request_exception = False
    answer = vic_client.get(address)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert 'class="btn btn-primary" href="/' in answer.content.decode()


def test_a_form_that_is_too_old_is_explained(client, db):
    client.handler.enforce_csrf_checks = True
    answer = client.post("/accounts/login/", {"username": "ada"})
    assert answer.status_code == 403
    assert "This form was too old" in answer.content.decode()


@pytest.mark.urls(__name__)
def test_the_page_of_components_shows_them_all(ben_client):
    drawn = ben_client.get("/patterns/").content.decode()
    for part in ("sev-unknown", "sevbar", "chip", "ledger", "timeline", "tree", "toast", "empty", "pager", "skeleton"):
        assert part in drawn
