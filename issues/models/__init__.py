from issues.models.api_token import ApiToken
from issues.models.application import Application, ApplicationMember
from issues.models.assessment import Assessment
from issues.models.endpoint import Endpoint
from issues.models.epss import EpssScore
from issues.models.feed import Feed
from issues.models.finding import Finding
from issues.models.issue import Issue
from issues.models.issue_count import IssueCount
from issues.models.issue_event import IssueEvent
from issues.models.kev import KevEntry
from issues.models.mapping_rule import MappingRule
from issues.models.override import SeverityOverride
from issues.models.rule_set import RuleSet
from issues.models.seen import SeenFindings
from issues.models.software import Software
from issues.models.vulnerability import Vulnerability

__all__ = [
    "ApiToken",
    "Application",
    "ApplicationMember",
    "Assessment",
    "Endpoint",
    "EpssScore",
    "Feed",
    "Finding",
    "Issue",
    "IssueCount",
    "IssueEvent",
    "KevEntry",
    "MappingRule",
    "RuleSet",
    "SeenFindings",
    "SeverityOverride",
    "Software",
    "Vulnerability",
]
