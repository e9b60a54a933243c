from __future__ import annotations

from datetime import UTC, datetime

from connectors.demo.feeds import EPSS, KEV, write_feeds
from connectors.sources.simulator import SimulatedTenant
from issues.intel import epss, kev

EPOCH = datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_the_feeds_are_sound_and_know_every_cve_of_the_tenant(tmp_path):
    write_feeds(tmp_path, 7, EPOCH)
    scores = epss.parse((tmp_path / EPSS).read_bytes())
    exploited = kev.parse((tmp_path / KEV).read_bytes())
    known = {cve for cve, *_ in scores.rows}
    assert SimulatedTenant(7, 8, epoch=EPOCH).cve_ids() <= known
    assert {cve for cve, *_ in exploited.rows} < known
    assert (scores.version, exploited.version) == ("simulated", "simulated")


def test_equal_seeds_make_equal_numbers(tmp_path):
    def numbers() -> list[tuple]:
        write_feeds(tmp_path, 7, EPOCH)
        return epss.parse((tmp_path / EPSS).read_bytes()).rows

    assert numbers() == numbers()
