"""Load a feed: fetch, read, doubt, then replace all of the old data in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from issues.ingest.bulk import insert
from issues.intel import epss, kev
from issues.intel.contents import Contents
from issues.intel.fetch import FeedError, fetch, shown
from issues.intel.spread import spread
from issues.models import EpssScore, Feed, KevEntry

COLLAPSE = 0.8  # fewer rows than this share of the last ones are not believed
AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Kind:
    parse: Callable[[bytes], Contents]
    model: type[models.Model]
    columns: tuple[str, ...]


KINDS = {
    Feed.Name.EPSS: Kind(epss.parse, EpssScore, ("cve", "score", "percentile")),
    Feed.Name.KEV: Kind(kev.parse, KevEntry, ("cve", "ransomware", "added")),
}


def load(name: Feed.Name, place: str, *, by_hand: bool = False) -> Feed:
    """The feed as it stands after loading. Raises ``FeedError``; then the old data and the reason are kept.

    ``by_hand``: somebody names this file, so it may be older than what is loaded.
    """
    feed = Feed.objects.filter(name=name).first() or Feed(name=name)
    now = timezone.now()
    try:
        contents = KINDS[name].parse(fetch(place))
        _doubt(feed, contents, by_hand=by_hand)
    except FeedError as error:
        feed.note_failure(str(error), now)
        raise
    feed.published_at, feed.version, feed.rows = contents.published_at, contents.version, len(contents.rows)
    feed.loaded_at = feed.tried_at = now
    feed.source, feed.problem = shown(place), ""
    with transaction.atomic():
        _replace(KINDS[name], contents)
        feed.save()
        spread(name)
    return feed


def load_configured() -> list[str]:
    """Each feed from its address in the settings; the reasons of those that failed. Empty addresses are skipped."""
    problems = []
    for name, place in ((Feed.Name.EPSS, settings.EPSS_URL), (Feed.Name.KEV, settings.KEV_URL)):
        if place:
            try:
                load(name, place)
            except FeedError as error:
                problems.append(str(error))
    return problems


def _doubt(feed: Feed, contents: Contents, *, by_hand: bool) -> None:
    what, count = feed.get_name_display(), len(contents.rows)
    if count < COLLAPSE * feed.rows:
        raise FeedError(f"The new {what} have {count:,} rows, the loaded ones {feed.rows:,}: something is missing.")
    if contents.published_at > timezone.now() + AHEAD:
        raise FeedError(f"The new {what} are dated {contents.published_at:%-d %b %Y}, which is in the future.")
    if not by_hand and feed.published_at and contents.published_at < feed.published_at:
        raise FeedError(
            f"The new {what} are dated {contents.published_at:%-d %b %Y}, "
            f"older than the loaded ones of {feed.published_at:%-d %b %Y}."
        )


def _replace(kind: Kind, contents: Contents) -> None:
    kind.model._default_manager.all()._raw_delete(using="default")
    insert(kind.model, kind.columns, contents.rows)
