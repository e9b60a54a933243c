from issues.models.api_token import ApiToken
from issues.models.application import Application, ApplicationMember
from issues.models.endpoint import Endpoint
from issues.models.finding import Finding
from issues.models.issue import Issue
from issues.models.issue_count import IssueCount
from issues.models.issue_event import IssueEvent
from issues.models.mapping_rule import MappingRule
from issues.models.seen import SeenFindings
from issues.models.software import Software
from issues.models.vulnerability import Vulnerability

__all__ = [
    "ApiToken",
    "Application",
    "ApplicationMember",
    "Endpoint",
    "Finding",
    "Issue",
    "IssueCount",
    "IssueEvent",
    "MappingRule",
    "SeenFindings",
    "Software",
    "Vulnerability",
]
