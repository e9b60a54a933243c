"""Form fields of the filters: a value may be repeated, and what nobody can mean is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError

LONGEST = 200  # characters of one value
MOST = 100  # values of one filter


class WordsField(forms.MultipleChoiceField):
    """Some of a few known words, in any case."""

    default_error_messages = {"invalid_choice": "“%(value)s” is not one of %(words)s."}

    @property
    def words(self) -> list[str]:
        return [str(word) for word, _ in cast("Iterable[tuple[str, str]]", self.choices)]

    def to_python(self, value: Any) -> list[str]:
        known = {word.casefold(): word for word in self.words}
        given = [text for text in super().to_python(value) if text.strip()]
        return list(dict.fromkeys(known.get(text.strip().casefold(), text) for text in given))

    def validate(self, value: Iterable[str]) -> None:
        known = self.words
        for text in value:
            if text not in known:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": text[:40], "words": ", ".join(known)},
                )


class TextsField(forms.MultipleChoiceField):
    """Texts of any meaning; blanks around them and repetitions go."""

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(text for given in super().to_python(value) if (text := given.strip())))

    def validate(self, value: list[str]) -> None:
        if len(value) > MOST:
            raise ValidationError(f"At most {MOST} values fit.", code="too_many")
        for text in value:
            if len(text) > LONGEST:
                raise ValidationError(f"At most {LONGEST} characters fit.", code="max_length")
            if "\0" in text:
                raise ValidationError("Null characters are not allowed.", code="null_characters")


class NumbersField(TextsField):
    """Ids, as the API hands them out."""

    def clean(self, value: Any) -> list[int]:
        texts = super().clean(value)
        for text in texts:
            if not (text.isascii() and text.isdigit() and len(text) <= 18):
                raise ValidationError(f"“{text[:40]}” is not an id.", code="invalid")
        return [int(text) for text in texts]


class WordsFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    field_class = WordsField


class TextsFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    field_class = TextsField


class NumbersFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    field_class = NumbersField


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]
    """One text of bounded length."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)
