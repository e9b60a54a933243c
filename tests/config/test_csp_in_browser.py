"""The policy holds in a real browser, and the browser's complaints reach the test."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]


@login_not_required
def injected(request):
    return HttpResponse(
        "<!doctype html><link rel=icon href=data:,><title>calm</title><script>document.title = 'taken over'</script>"
    )


def members_only(request):
    return HttpResponse(f"<!doctype html><link rel=icon href=data:,><title>hello {request.user.username}</title>")


urlpatterns = [path("injected/", injected), path("members/", members_only)]


def test_an_injected_script_does_not_run(page, complaints):
    page.goto("/injected/")
    assert page.title() == "calm"
    assert any("content policy: script-src-elem inline" in said for said in complaints)
    complaints.clear()


def test_a_tab_can_be_somebodys(page_of, olga):
    page = page_of(olga)
    page.goto("/members/")
    assert page.title() == "hello olga"
