"""The first sign-in: a link that works once, on which the admin chooses a password."""

from __future__ import annotations

from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy


class FirstRun(PasswordResetConfirmView):
    """Django's own view: the token goes into the session, so that it never stands in an address that is logged."""

    template_name = "registration/set_password.html"
    post_reset_login = True
    success_url = reverse_lazy("overview")
