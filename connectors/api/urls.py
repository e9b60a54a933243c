"""Below ``/api/v1/``."""

from __future__ import annotations

from django.urls import path

from connectors.api.connections import Connections, OneConnection, Sync
from connectors.api.held import Confirm, Dismiss
from connectors.api.resources import Resources
from connectors.api.runs import OneRun, Runs

urlpatterns = [
    path("connections/", Connections.as_view(), name="api-connections"),
    path("connections/<str:pk>/", OneConnection.as_view(), name="api-connection"),
    path("connections/<str:pk>/sync/", Sync.as_view(), name="api-sync"),
    path("connections/<str:pk>/resources/", Resources.as_view(), name="api-resources"),
    path("runs/", Runs.as_view(), name="api-runs"),
    path("runs/<str:pk>/", OneRun.as_view(), name="api-run"),
    path("runs/<str:pk>/confirm/", Confirm.as_view(), name="api-run-confirm"),
    path("runs/<str:pk>/dismiss/", Dismiss.as_view(), name="api-run-dismiss"),
]
