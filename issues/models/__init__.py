from issues.models.api_token import ApiToken
from issues.models.application import Application, ApplicationMember, ApplicationTag
from issues.models.application_day import ApplicationDay
from issues.models.application_event import ApplicationEvent
from issues.models.assessment import Assessment
from issues.models.bulk_decision import BulkDecision
from issues.models.decision import Decision
from issues.models.endpoint import Endpoint
from issues.models.endpoint_event import EndpointEvent
from issues.models.epss import EpssScore
from issues.models.feed import Feed
from issues.models.finding import Finding
from issues.models.fix import Fix
from issues.models.issue import Issue
from issues.models.issue_count import IssueCount
from issues.models.issue_event import IssueEvent
from issues.models.kev import KevEntry
from issues.models.mapping_revision import MappingRevision
from issues.models.mapping_rule import MappingRule
from issues.models.rule_set import RuleSet
from issues.models.seen import SeenFindings
from issues.models.software import Software
from issues.models.vulnerability import Vulnerability

__all__ = [
    "ApiToken",
    "Application",
    "ApplicationDay",
    "ApplicationEvent",
    "ApplicationMember",
    "ApplicationTag",
    "Assessment",
    "BulkDecision",
    "Decision",
    "Endpoint",
    "EndpointEvent",
    "EpssScore",
    "Feed",
    "Finding",
    "Fix",
    "Issue",
    "IssueCount",
    "IssueEvent",
    "KevEntry",
    "MappingRevision",
    "MappingRule",
    "RuleSet",
    "SeenFindings",
    "Software",
    "Vulnerability",
]
