"""What every FilterSet of ours shares: who asks, what was asked for that makes sense, and what did not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class AskedFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """A form with an attribute ``user`` is told who asks."""

    user: User | AnonymousUser

    @property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        form.user = self.user  # type: ignore[attr-defined]
        return form

    @cached_property
    def values(self) -> dict[str, Any]:
        """What was asked for, by filter: only what is valid and not empty."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in ("", [], None)}

    @property
    def problems(self) -> dict[str, str]:
        """A sentence for each filter that was ignored because nobody can know what it means."""
        return {name: " ".join(str(message) for message in errors) for name, errors in self.form.errors.items()}
