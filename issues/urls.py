from __future__ import annotations

from django.urls import path

from issues.views.application import application
from issues.views.application_bulk import bulk
from issues.views.application_delete import delete
from issues.views.application_edit import edit, new
from issues.views.application_undo import undo
from issues.views.applications import applications
from issues.views.endpoint import endpoint
from issues.views.endpoints import endpoints
from issues.views.first_run import FirstRun
from issues.views.issue import issue
from issues.views.issue_endpoints import issue_endpoints
from issues.views.override import override
from issues.views.overview import overview
from issues.views.patterns import patterns
from issues.views.queue import queue
from issues.views.severity import severity

urlpatterns = [
    path("", overview, name="overview"),
    path("issues/", queue, name="issues"),
    path("issues/severity/", override, name="override"),
    path("issues/<int:pk>/", issue, name="issue"),
    path("issues/<int:pk>/endpoints/", issue_endpoints, name="issue_endpoints"),
    path("applications/", applications, name="applications"),
    path("applications/new/", new, name="application_new"),
    path("applications/bulk/", bulk, name="application_bulk"),
    path("applications/undo/<str:key>/", undo, name="application_undo"),
    path("applications/<slug:slug>/", application, name="application"),
    path("applications/<slug:slug>/edit/", edit, name="application_edit"),
    path("applications/<slug:slug>/delete/", delete, name="application_delete"),
    path("endpoints/", endpoints, name="endpoints"),
    path("endpoints/<int:pk>/", endpoint, name="endpoint"),
    path("severity/", severity, name="severity"),
    path("patterns/", patterns, name="patterns"),
    path("accounts/first-run/<uidb64>/<token>/", FirstRun.as_view(), name="first_run"),
]
