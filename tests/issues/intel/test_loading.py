"""EPSS and KEV are loaded as a whole or not at all, from files and addresses."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from issues.intel.fetch import MOST_BYTES, FeedError, fetch
from issues.intel.load import load, load_configured
from issues.models import EpssScore, Feed, KevEntry
from tests.issues.intel.conftest import epss_text, kev_text

REAL_KEV = Path(__file__).parents[3] / "../shared/data/known_exploited_vulnerabilities.json"
EPSS, KEV = Feed.Name.EPSS, Feed.Name.KEV
pytestmark = pytest.mark.django_db


def scores() -> dict[str, float]:
    return dict(EpssScore.objects.values_list("cve", "score"))


def test_epss_comes_from_a_gzip_file(epss_file):
    feed = load(EPSS, epss_file("CVE-2021-44228,0.94,0.999", "cve-2024-0001,0.0004,0.12"))
    assert scores() == {"CVE-2021-44228": 0.94, "CVE-2024-0001": 0.0004}
    assert (feed.rows, feed.version, f"{feed.published_at:%F}") == (2, "v2025.03.14", "2026-11-21")


def test_kev_tells_of_ransomware(kev_file):
    load(KEV, kev_file("CVE-2021-44228", "CVE-2023-4863", ransomware=("CVE-2021-44228",)))
    assert dict(KevEntry.objects.values_list("cve", "ransomware")) == {"CVE-2021-44228": True, "CVE-2023-4863": False}


@pytest.mark.skipif(not REAL_KEV.exists(), reason="needs the catalogue that CISA publishes")
def test_the_catalogue_that_cisa_publishes_is_read():
    feed = load(KEV, str(REAL_KEV))
    assert feed.rows > 1_300
    assert KevEntry.objects.get(pk="CVE-2021-44228").ransomware


def test_feeds_come_from_addresses(feed_server, settings):
    settings.EPSS_URL = feed_server.serve("/epss.csv", epss_text("CVE-2024-0001,0.2,0.9").encode())
    settings.KEV_URL = feed_server.serve("/kev.json", kev_text("CVE-2024-0001").encode())
    assert load_configured() == []
    assert scores() == {"CVE-2024-0001": 0.2}
    assert Feed.objects.get(name="kev").source == settings.KEV_URL


def test_a_new_load_replaces_the_old_one_as_a_whole(epss_file):
    load(EPSS, epss_file("CVE-2024-0001,0.1,0.5", "CVE-2024-0002,0.2,0.6"))
    load(EPSS, epss_file("CVE-2024-0002,0.3,0.7", "CVE-2024-0003,0.4,0.8", day="2026-11-22"))
    assert scores() == {"CVE-2024-0002": 0.3, "CVE-2024-0003": 0.4}


def test_of_duplicates_the_worse_one_stays(epss_file, kev_file):
    load(EPSS, epss_file("CVE-2024-0001,0.1,0.5", "CVE-2024-0001,0.7,0.9", "CVE-2024-0001,0.2,0.6"))
    assert scores() == {"CVE-2024-0001": 0.7}
    assert load(KEV, kev_file("CVE-2024-0001", "cve-2024-0001")).rows == 1


ROWS = [f"CVE-2024-{n:04},0.1,0.5" for n in range(100)]
SPOILT = {
    "another page": ("<html>", "does not begin with the line"),
    "no header": (epss_text("CVE-1,0.1,0.5").replace("cve,epss,percentile\n", ""), "header"),
    "no date": (epss_text(*ROWS).replace("score_date", "day"), "no readable date"),
    "no rows": (epss_text(), "has no rows"),
    "collapsed": (epss_text(*ROWS[:79]), "something is missing"),
    "older": (epss_text(*ROWS, day="2026-11-20"), "older than the loaded ones"),
    "from the future": (epss_text(*ROWS, day="2199-01-01"), "in the future"),
    "broken rows": (epss_text(*ROWS, *["CVE-2024-9999,much,more"] * 5), "can't be read"),
    "impossible": (epss_text(*ROWS, *["CVE-2024-9999,1.5,0.5"] * 5), "can't be read"),
}


@pytest.mark.parametrize(("text", "said"), SPOILT.values(), ids=SPOILT)
def test_a_doubtful_file_changes_nothing_and_the_reason_is_kept(text, said, epss_file, tmp_path):
    load(EPSS, epss_file(*ROWS))
    bad = tmp_path / "bad.csv"
    bad.write_text(text)
    with pytest.raises(FeedError, match=said):
        load(EPSS, str(bad))
    assert len(scores()) == 100
    feed = Feed.objects.get(name=EPSS)
    assert said in feed.problem
    assert feed.rows == 100


KEV_SPOILT = {
    "cut": (kev_text("CVE-2024-0001")[:-20], "no complete JSON"),
    "another shape": ("[]", "no list"),
    "entries lost": (kev_text("CVE-2024-0001", count=1404), "says that it has 1,404 entries"),
    "no ids": (kev_text("x", "y"), "has no rows"),
}


@pytest.mark.parametrize(("text", "said"), KEV_SPOILT.values(), ids=KEV_SPOILT)
def test_a_doubtful_catalogue_changes_nothing(text, said, kev_file, tmp_path):
    load(KEV, kev_file("CVE-2021-44228"))
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    with pytest.raises(FeedError, match=said):
        load(KEV, str(bad))
    assert list(KevEntry.objects.values_list("cve", flat=True)) == ["CVE-2021-44228"]


def test_a_success_takes_the_old_problem_away(epss_file):
    with pytest.raises(FeedError):
        load(EPSS, "/nowhere/epss.csv.gz")
    assert "can't be read" in Feed.objects.get(name=EPSS).warning
    load(EPSS, epss_file(*ROWS))
    assert Feed.objects.get(name=EPSS).problem == ""


def test_who_names_a_file_may_go_back_in_time(epss_file):
    load(EPSS, epss_file(*ROWS))
    load(EPSS, epss_file(*ROWS, day="2026-11-01"), by_hand=True)
    assert f"{Feed.objects.get(name=EPSS).published_at:%F}" == "2026-11-01"


def test_damaged_and_endless_archives_are_refused(epss_file, tmp_path, monkeypatch):
    whole = Path(epss_file(*ROWS)).read_bytes()
    cut = tmp_path / "cut.gz"
    cut.write_bytes(whole[:-12])
    with pytest.raises(FeedError, match="cut short"):
        fetch(str(cut))
    cut.write_bytes(whole[:2] + b"x" * 40)
    with pytest.raises(FeedError, match="damaged"):
        fetch(str(cut))
    monkeypatch.setattr("issues.intel.fetch.MOST_BYTES", 1_000)
    with pytest.raises(FeedError, match="larger than"):
        fetch(epss_file(*ROWS))
    assert MOST_BYTES > 100_000_000


def test_the_answer_of_a_strange_server_is_a_sentence(feed_server):
    with pytest.raises(FeedError, match="status 503"):
        fetch(feed_server.serve("/down", status=503))
    with pytest.raises(FeedError, match=r"moved to https://example\.com/new"):
        fetch(feed_server.serve("/old", status=301, Location="https://example.com/new?key=secret"))
    with pytest.raises(FeedError, match="can't be downloaded"):
        fetch(feed_server.serve("/cut", b"half", **{"Content-Length": "100"}))


def test_no_password_of_an_address_is_shown(feed_server):
    url = feed_server.serve("/down?key=secret", status=500).replace("http://", "http://user:hunter2@")
    with pytest.raises(FeedError) as caught:
        fetch(url)
    assert "hunter2" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_command_loads_what_it_is_given(epss_file, kev_file):
    out = StringIO()
    call_command("load_feeds", epss=epss_file(*ROWS), kev=kev_file("CVE-2021-44228"), stdout=out)
    assert "EPSS scores: 100 rows of 21 Nov 2026." in out.getvalue()
    assert KevEntry.objects.count() == 1


def test_the_command_fails_with_the_reason_and_still_loads_the_other_feed(kev_file):
    with pytest.raises(CommandError, match=r"nowhere\.csv can't be read") as caught:
        call_command("load_feeds", epss="/nowhere.csv", kev=kev_file("CVE-2021-44228"), stdout=StringIO())
    assert caught.value.returncode == 1
    assert KevEntry.objects.count() == 1


def test_the_command_without_anything_to_load_says_so():
    with pytest.raises(CommandError, match="nothing to load"):
        call_command("load_feeds")


def test_feeds_grow_stale(epss_file):
    feed = load(EPSS, epss_file(*ROWS))
    feed.published_at = timezone.now() - timedelta(days=6)
    assert (feed.is_stale, feed.warning) == (False, "")
    feed.published_at = timezone.now() - timedelta(days=9)
    assert feed.is_stale
    assert "EPSS scores are 9 days old" in feed.warning
    assert [(f.name, f.is_loaded) for f in Feed.all_of_them()] == [("epss", True), ("kev", False)]
