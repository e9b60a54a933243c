from __future__ import annotations

from django.urls import path

from connectors.views import catalogue, connect, delete, held, imports, resources, runs, settings, token

app_name = "connectors"

urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/cancel/", imports.cancel_run, name="cancel"),
    path("runs/<int:pk>/confirm/", held.confirm_loss, name="confirm-loss"),
    path("runs/<int:pk>/dismiss/", held.dismiss_loss, name="dismiss-loss"),
    path("<int:pk>/", catalogue.connection_part, name="connection"),
    path("<int:pk>/sync/", imports.sync_now, name="sync"),
    path("<int:pk>/resources/", resources.resources, name="resources"),
    path("<int:pk>/resources/read/", resources.read_resources, name="read-resources"),
    path("<int:pk>/token/", token.token, name="token"),
    path("<int:pk>/settings/", settings.settings, name="settings"),
    path("<int:pk>/pause/", settings.pause, name="pause"),
    path("<int:pk>/delete/", delete.delete, name="delete"),
    path("<slug:connector>/connect/", connect.connect, name="connect"),
    path("<slug:connector>/console/", connect.console_link, name="console-link"),
]
