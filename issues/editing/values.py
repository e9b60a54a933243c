"""What can be changed of an application, as plain values, and what those must keep to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from issues.models import Application

# By field. "tags" are words in order, "members" roles by the key of a user, "links" as the model holds them.
Values = dict[str, Any]

CONTEXT = ("business_priority", "environment", "internet_facing", "sensitive_data")  # what severity factors look at
COLUMNS = ("name", *CONTEXT, "description", "links")
FIELDS = (*COLUMNS, "tags", "members")

MOST_TAGS, LONGEST_TAG = 30, 60
MOST_LINKS, LONGEST_LABEL, LONGEST_URL = 20, 80, 2_000
MOST_MEMBERS = 100
_is_address = URLValidator(schemes=["https", "http"])


def values_of(application: Application) -> Values:
    """As they stand. For many, load them ``with_people_and_tags``."""
    members = application.people if hasattr(application, "people") else application.members.all()
    return {
        **{name: getattr(application, name) for name in COLUMNS},
        "tags": sorted(tag.name for tag in application.tags.all()),
        "members": {member.user_id: member.role for member in members},
    }


def clean_name(text: str) -> str:
    """Blanks are made one, so that no two names look the same."""
    return " ".join(text.split())


def clean_tags(texts: Iterable[str]) -> list[str]:
    """In small letters, each once, in order. ``ValueError`` with a sentence for what is no tag."""
    tags = sorted({" ".join(text.casefold().split()) for text in texts} - {""})
    if len(tags) > MOST_TAGS:
        raise ValueError(f"At most {MOST_TAGS} tags fit.")
    for tag in tags:
        if len(tag) > LONGEST_TAG:
            raise ValueError(f"“{tag[:20]}…” is too long: a tag has at most {LONGEST_TAG} characters.")
        if "," in tag or not tag.isprintable():
            raise ValueError(f"“{tag[:LONGEST_TAG]}” is no tag: commas and control characters can't be in one.")
    return tags


def clean_link(link: Mapping[str, str]) -> dict[str, str]:
    """``label`` and ``url``; without a label it is called by its address. ``ValueError`` with a sentence."""
    url, label = link.get("url", "").strip(), clean_name(link.get("label", ""))
    if len(url) > LONGEST_URL or len(label) > LONGEST_LABEL:
        raise ValueError(f"A label has at most {LONGEST_LABEL} characters, an address at most {LONGEST_URL:,}.")
    try:
        _is_address(url)
    except ValidationError:
        raise ValueError(f"“{url[:60]}” is no web address. It begins with https:// or http://.") from None
    return {"label": label or url.partition("://")[2][:LONGEST_LABEL], "url": url}


def clean_links(links: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    cleaned = [clean_link(link) for link in links]
    if len(cleaned) > MOST_LINKS:
        raise ValueError(f"At most {MOST_LINKS} links fit.")
    return cleaned
