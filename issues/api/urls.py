"""Everything below ``/api/v1/``."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from issues.api.applications import Applications, OneApplication
from issues.api.decisions import Decisions, OneDecision
from issues.api.docs import docs
from issues.api.endpoints import Endpoints, OneEndpoint
from issues.api.findings import Findings
from issues.api.fixes import Fixes
from issues.api.issues import Issues, OneIssue
from issues.api.mapping_rules import MappingRules, MappingRulesPreview
from issues.api.severity_rules import SeverityRules, SeverityRulesPreview

urlpatterns = [
    path("issues/", Issues.as_view(), name="api-issues"),
    path("issues/<str:pk>/", OneIssue.as_view(), name="api-issue"),
    path("issues/<str:pk>/decisions/", Decisions.as_view(), name="api-decisions"),
    path("issues/<str:pk>/decisions/<str:decision>/", OneDecision.as_view(), name="api-decision"),
    path("findings/", Findings.as_view(), name="api-findings"),
    path("endpoints/", Endpoints.as_view(), name="api-endpoints"),
    path("endpoints/<str:pk>/", OneEndpoint.as_view(), name="api-endpoint"),
    path("applications/", Applications.as_view(), name="api-applications"),
    path("applications/<str:slug>/", OneApplication.as_view(), name="api-application"),
    path("mapping-rules/", MappingRules.as_view(), name="api-mapping-rules"),
    path("mapping-rules/preview/", MappingRulesPreview.as_view(), name="api-mapping-rules-preview"),
    path("fixes/", Fixes.as_view(), name="api-fixes"),
    path("severity-rules/", SeverityRules.as_view(), name="api-severity-rules"),
    path("severity-rules/preview/", SeverityRulesPreview.as_view(), name="api-severity-rules-preview"),
    path("", include("connectors.api.urls")),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
