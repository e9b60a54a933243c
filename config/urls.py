"""Every address of the site. Every view wants a sign-in unless it is marked ``login_not_required``."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.utils.module_loading import import_string

urlpatterns = [
    path("accounts/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("healthz", import_string("issues.views.health.healthz"), name="healthz"),
    path("api/v1/", include("issues.api.urls")),
    path("connectors/", include("connectors.urls")),
    path("", include("issues.urls")),
]
