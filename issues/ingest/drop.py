"""Issues that have lost all their findings to others: taken away with everything that only hangs on them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CASCADE

from issues.ingest.bulk import chunks
from issues.models import Finding, Issue


def drop_issues(keys: Iterable[int]) -> None:
    """A few statements for each 900. A finding that is left after all makes the database refuse; none is ever lost."""
    for ids in chunks(keys):
        for relation in Issue._meta.related_objects:
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": ids})
            if relation.related_model is Finding:
                continue
            if relation.on_delete is CASCADE:
                rows._raw_delete(rows.db)
            else:
                rows.update(**{relation.field.name: None})
        gone = Issue.objects.filter(pk__in=ids)
        gone._raw_delete(gone.db)
