"""The form behind the filters: names become keys here, and what nobody can mean gets its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError

from connectors.models import Connection
from issues.models import Application
from issues.queue.ordering import COLUMNS
from issues.severity.factors import FACTORS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

SORTS = [sign + name for name in COLUMNS for sign in ("", "-")]


class FilterForm(forms.Form):
    """Turns names into keys; a name that nobody has, or that this user may not see, is refused."""

    user: User | AnonymousUser | None = None

    def clean_application(self) -> list[int]:
        slugs: list[str] = self.cleaned_data["application"]
        if not slugs or self.user is None:
            return []
        found = dict(Application.objects.visible_to(self.user).filter(slug__in=slugs).values_list("slug", "pk"))
        for slug in slugs:
            if slug not in found:
                raise ValidationError(f"There is no application “{slug[:40]}”.", code="unknown")
        return list(found.values())

    def clean_connection(self) -> list[int]:
        ids: list[int] = self.cleaned_data["connection"]
        if not ids:
            return []
        known = set(Connection.objects.filter(pk__in=ids).values_list("pk", flat=True))
        for pk in ids:
            if pk not in known:
                raise ValidationError(f"There is no connection “{pk}”.", code="unknown")
        return ids

    def clean_factor(self) -> list[str]:
        codes: list[str] = self.cleaned_data["factor"]
        for code in codes:
            if code not in FACTORS:
                raise ValidationError(f"“{code[:40]}” is not the code of a severity factor.", code="unknown")
        return codes

    def clean_ordering(self) -> str:
        text: str = self.cleaned_data["ordering"].strip()
        if text and text not in SORTS:
            raise ValidationError(
                f"“{text[:40]}” is not one of {', '.join(COLUMNS)}, or “-” before one.", code="unknown"
            )
        return text
