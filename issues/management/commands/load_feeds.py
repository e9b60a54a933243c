"""``manage.py load_feeds``: EPSS and KEV from the configured addresses, or from the files or addresses given."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from issues.intel.fetch import FeedError
from issues.intel.load import load
from issues.models import Feed


class Command(BaseCommand):
    help = "Load EPSS scores and the KEV catalogue. Without options both come from EPSS_URL and KEV_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--epss", metavar="FILE-or-URL", help="CSV of FIRST, plain or gzip")
        parser.add_argument("--kev", metavar="FILE-or-URL", help="JSON of CISA, plain or gzip")

    def handle(self, *, epss: str | None, kev: str | None, **_: Any) -> None:
        """Exit code 0, or 1 with the reason when a feed could not be used; the data loaded before stays."""
        by_hand = epss is not None or kev is not None
        wanted = (Feed.Name.EPSS, epss), (Feed.Name.KEV, kev)
        if not by_hand:
            wanted = (Feed.Name.EPSS, settings.EPSS_URL), (Feed.Name.KEV, settings.KEV_URL)
        places = {name: place for name, place in wanted if place}
        if not places:
            raise CommandError("There is nothing to load: EPSS_URL and KEV_URL are empty. Name a file or an address.")
        problems = [self._load(name, place, by_hand=by_hand) for name, place in places.items()]
        if any(problems):
            raise CommandError(" ".join(filter(None, problems)))

    def _load(self, name: Feed.Name, place: str, *, by_hand: bool) -> str:
        try:
            feed = load(name, place, by_hand=by_hand)
        except FeedError as error:
            return str(error)
        self.stdout.write(f"{feed}: {feed.rows:,} rows of {feed.published_at:%-d %b %Y}.")
        return ""
