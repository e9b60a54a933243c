"""Who gets in: tokens, sessions, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from issues.models import ApiToken
from tests.factories import TOKEN

ADDRESSES = [
    "issues/", "issues/1/", "issues/1/decisions/", "issues/1/decisions/1/",
    "findings/", "endpoints/", "endpoints/1/", "applications/", "applications/unassigned/",
    "connections/", "connections/1/", "connections/1/resources/", "runs/", "runs/1/", "schema/",
]  # fmt: skip


def token_of(user: str, *args: str) -> str:
    out, err = StringIO(), StringIO()
    call_command("api_token", user, *args, stdout=out, stderr=err)
    return out.getvalue().rstrip("\n").split("\n")[-1]


def bearer(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_asked_to_sign_in(db, address):
    response = APIClient().get(f"/api/v1/{address}")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"


def test_the_page_of_the_api_wants_a_sign_in(client, db):
    response = client.get("/api/v1/docs/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/api/v1/docs/")


def test_a_new_token_opens_the_api(ben):
    token = token_of("ben")

    assert bearer(token).get("/api/v1/issues/").status_code == 200
    assert token not in str(list(ApiToken.objects.values()))


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Bearer \xff\xfe", "Bearer a b"])
def test_a_wrong_token_is_refused_even_with_a_session(ben, header):
    client = APIClient()
    client.force_login(ben)

    response = client.get("/api/v1/issues/", HTTP_AUTHORIZATION=header)

    assert response.status_code == 401


def test_a_token_that_has_run_out_is_refused(ben):
    token = token_of("ben", "--expires", "1")
    assert bearer(token).get("/api/v1/issues/").status_code == 200

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert bearer(token).get("/api/v1/issues/").status_code == 401


def test_a_token_ends_with_its_user(ben):
    token = token_of("ben")
    ben.is_active = False
    ben.save()

    assert bearer(token).get("/api/v1/issues/").status_code == 401
    with pytest.raises(CommandError, match="may not sign in"):
        token_of("ben")


@pytest.mark.parametrize("args", [("nobody",), ("ben", "--expires", "0"), ("ben", "--expires", "999999")])
def test_the_command_refuses_what_makes_no_token(ben, args):
    with pytest.raises(CommandError):
        token_of(*args)
    assert not ApiToken.objects.exists()


def test_a_session_needs_the_form_token_to_change_anything(ada):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(ada)

    assert client.get("/api/v1/applications/").status_code == 200
    assert client.post("/api/v1/applications/", {"name": "A"}).status_code == 403
    assert bearer(token_of("ada")).post("/api/v1/applications/", {"name": "A"}, format="json").status_code == 201


def test_somebody_without_a_role_sees_empty_lists_and_no_connections(person, api_of, tenant):
    api = api_of(person("nobody", ""))

    for address in ("issues/", "findings/", "endpoints/", "applications/"):
        assert api.get(f"/api/v1/{address}").json()["count"] == 0
    for address in ("connections/", "runs/", f"connections/{tenant.pk}/"):
        assert api.get(f"/api/v1/{address}").status_code == 403


def test_the_stored_token_of_a_tenant_is_in_no_answer(tenant, api_of, ada):
    for address in ("connections/", f"connections/{tenant.pk}/", f"connections/{tenant.pk}/resources/", "schema/"):
        text = api_of(ada).get(f"/api/v1/{address}").content.decode()
        assert TOKEN not in text
        assert tenant.token.sealed not in text
