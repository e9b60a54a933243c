from __future__ import annotations

from django.urls import path

from issues.views.application import application
from issues.views.application_bulk import bulk
from issues.views.application_delete import delete
from issues.views.application_edit import edit, new
from issues.views.application_undo import undo
from issues.views.applications import applications
from issues.views.decide import decide
from issues.views.deciding import deciding
from issues.views.endpoint import endpoint
from issues.views.endpoints import endpoints
from issues.views.first_run import FirstRun
from issues.views.fixes import export, fix, fixes
from issues.views.issue import issue
from issues.views.issue_endpoints import issue_endpoints
from issues.views.mapping import mapping, mapping_work
from issues.views.mapping_files import mapping_export, mapping_import
from issues.views.overview import overview
from issues.views.patterns import patterns
from issues.views.pin import pin_endpoint, pin_endpoints, unpin_endpoint
from issues.views.queue import queue
from issues.views.severity import severity
from issues.views.undo import take_back
from issues.views.undo import undo as undo_decision

urlpatterns = [
    path("", overview, name="overview"),
    path("issues/", queue, name="issues"),
    path("issues/decide/", decide, name="decide"),
    path("issues/deciding/", deciding, name="deciding"),
    path("issues/undo/<int:token>/", undo_decision, name="undo"),
    path("issues/<int:pk>/decisions/<int:decision>/take-back/", take_back, name="take_back"),
    path("issues/<int:pk>/", issue, name="issue"),
    path("issues/<int:pk>/endpoints/", issue_endpoints, name="issue_endpoints"),
    path("applications/", applications, name="applications"),
    path("applications/mapping/", mapping, name="mapping"),
    path("applications/mapping/work/", mapping_work, name="mapping-work"),
    path("applications/mapping/export/", mapping_export, name="mapping-export"),
    path("applications/mapping/import/", mapping_import, name="mapping-import"),
    path("applications/new/", new, name="application_new"),
    path("applications/bulk/", bulk, name="application_bulk"),
    path("applications/undo/<str:key>/", undo, name="application_undo"),
    path("applications/<slug:slug>/", application, name="application"),
    path("applications/<slug:slug>/edit/", edit, name="application_edit"),
    path("applications/<slug:slug>/delete/", delete, name="application_delete"),
    path("endpoints/", endpoints, name="endpoints"),
    path("endpoints/pin/", pin_endpoints, name="pin-many"),
    path("endpoints/<int:pk>/", endpoint, name="endpoint"),
    path("endpoints/<int:pk>/pin/", pin_endpoint, name="pin"),
    path("endpoints/<int:pk>/unpin/", unpin_endpoint, name="unpin"),
    path("fixes/", fixes, name="fixes"),
    path("fixes/<int:pk>/", fix, name="fix"),
    path("fixes/export.csv", export, {"kind": "csv"}, name="fixes-csv"),
    path("fixes/export.json", export, {"kind": "json"}, name="fixes-json"),
    path("severity/", severity, name="severity"),
    path("patterns/", patterns, name="patterns"),
    path("accounts/first-run/<uidb64>/<token>/", FirstRun.as_view(), name="first_run"),
]
