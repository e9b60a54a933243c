"""The first admin chooses a password over a link; there is no default one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator

from config.first_run import first_run_path

pytestmark = pytest.mark.django_db


def test_a_new_installation_gets_an_admin_who_can_not_sign_in_yet():
    path = first_run_path()
    admin = User.objects.get(username="admin")
    assert admin.is_superuser
    assert not admin.has_usable_password()
    assert path
    assert default_token_generator.check_token(admin, path.rstrip("/").rpartition("/")[2])


def test_the_offer_stands_until_a_password_is_chosen():
    first_run_path()
    assert first_run_path()
    admin = User.objects.get()
    admin.set_password("correct horse battery staple")
    admin.save()
    assert first_run_path() is None


def test_nothing_is_offered_where_somebody_can_sign_in(vic):
    assert first_run_path() is None
    assert not User.objects.filter(is_superuser=True).exists()
