"""``issues/``: the queue, with the page's filters."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView, RetrieveAPIView

from connectors.api.permissions import RolePermission
from issues.api.issue_serializers import IssueDetailSerializer, IssueSerializer
from issues.api.parameters import parameters_of
from issues.models import Issue
from issues.queue.decisions import with_decisions, with_exclusions
from issues.queue.facets import total
from issues.queue.filters import IssueFilterSet
from issues.queue.keyset import Page
from issues.queue.rows import page_of_issues, visible_issues


@extend_schema_view(get=extend_schema(parameters=parameters_of(IssueFilterSet)))
class Issues(ListAPIView[Issue]):
    """Without a state every issue is listed; without an order the worst come first."""

    serializer_class = IssueSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    queryset = Issue.objects.none()
    filters: IssueFilterSet

    def get_queryset(self) -> QuerySet[Issue]:
        return with_exclusions(visible_issues(self.request.user).defer(None))

    def filter_queryset(self, queryset: Any) -> Any:
        self.filters = IssueFilterSet(self.request.query_params, user=self.request.user)
        if self.filters.problems:
            raise ValidationError({name: [text] for name, text in self.filters.problems.items()})
        return queryset

    def page_of(self, queryset: Any, size: int, cursor: str) -> Page[Issue]:
        return page_of_issues(self.filters, queryset, self.filters.sort, size, cursor)

    def count_of(self, queryset: QuerySet[Issue]) -> int:
        return total(self.filters, self.request.user)


class OneIssue(RetrieveAPIView[Issue]):
    serializer_class = IssueDetailSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    queryset = Issue.objects.none()

    def get_queryset(self) -> QuerySet[Issue]:
        return with_decisions(with_exclusions(visible_issues(self.request.user).defer(None)))
