"""The one-time link of a new installation leads to a password and into the product."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from config.first_run import first_run_path
from tests.fixtures.people import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_link_leads_to_a_password_and_signs_in(client):
    path = first_run_path()
    assert path
    page = client.get(path, follow=True)
    assert "Choose a password" in page.content.decode()
    address = page.redirect_chain[-1][0]
    assert path.rstrip("/").rpartition("/")[2] not in address  # the token does not stay in the address
    done = client.post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD}, follow=True)
    assert done.redirect_chain[-1][0] == "/"
    assert done.status_code == 200
    assert User.objects.get(username="admin").check_password(PASSWORD)


def test_a_weak_password_is_refused_with_a_sentence(client):
    address = client.get(first_run_path(), follow=True).redirect_chain[-1][0]
    page = client.post(address, {"new_password1": "admin", "new_password2": "admin"})
    assert "too short" in page.content.decode()
    assert not User.objects.get(username="admin").has_usable_password()


def test_it_works_once(client):
    path = first_run_path()
    address = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.logout()
    page = client.get(path, follow=True).content.decode()
    assert "This link no longer works" in page


@pytest.mark.parametrize("token", ["nonsense", "c0ffee-123", "set-password"])
def test_a_made_up_token_opens_nothing(client, token):
    first_run_path()
    page = client.get(f"/accounts/first-run/MQ/{token}/").content.decode()
    assert "This link no longer works" in page
    assert "new_password1" not in page
