"""What the environment makes of the settings, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.fixtures.installation import OURS, ROOT

PRINT = """
import json, sys
from config import settings as s
print(json.dumps({name: getattr(s, name) for name in sys.argv[1:]}, default=str))
"""


@pytest.fixture
def settings_with(tmp_path):
    def read(*names: str, **variables: str):
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        return subprocess.run(
            [sys.executable, "-c", PRINT, *names],
            cwd=ROOT, env={**env, "DATA_DIR": str(tmp_path), **variables}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return read


def told(process: subprocess.CompletedProcess[str]) -> dict:
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


COOKIES = ("HTTPS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")


def test_loopback_works_over_plain_http(settings_with):
    assert set(told(settings_with(*COOKIES)).values()) == {False}


def test_opening_the_site_to_others_makes_it_https_only(settings_with):
    assert set(told(settings_with(*COOKIES, ALLOWED_HOSTS="localhost,sightline.example")).values()) == {True}


def test_probes_on_this_machine_may_ask_whatever_the_public_name_is(settings_with):
    allowed = told(settings_with("ALLOWED_HOSTS", ALLOWED_HOSTS="sightline.example"))["ALLOWED_HOSTS"]
    assert {"sightline.example", "127.0.0.1", "localhost"} <= set(allowed)


def test_https_can_be_refused_in_so_many_words(settings_with):
    assert set(told(settings_with(*COOKIES, ALLOWED_HOSTS="sightline.example", HTTPS="off")).values()) == {False}


def test_the_embedded_database_never_lets_a_reader_turned_writer_fail(settings_with):
    database = told(settings_with("DATABASES"))["DATABASES"]["default"]
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_a_grown_installation_uses_postgresql_and_a_cache_that_hosts_share(settings_with):
    seen = told(settings_with("DATABASES", "CACHES", "Q_CLUSTER", DATABASE_URL="postgres://me:pw@db:5433/sightline"))
    database = seen["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"], database["PORT"]) == ("django.db.backends.postgresql", "db", 5433)
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["OPTIONS"]["options"] == "-c jit=off -c random_page_cost=1.1"
    assert seen["CACHES"]["default"]["BACKEND"].endswith("DatabaseCache")
    assert seen["Q_CLUSTER"]["orm"] == "default"


def test_what_the_address_says_of_options_wins(settings_with):
    url = "postgres://me:pw@db/sightline?options=-c%20random_page_cost%3D2&sslmode=require"
    options = told(settings_with("DATABASES", DATABASE_URL=url))["DATABASES"]["default"]["OPTIONS"]
    assert options == {"options": "-c random_page_cost=2", "sslmode": "require"}


def test_redis_becomes_broker_and_cache(settings_with):
    seen = told(settings_with("CACHES", "Q_CLUSTER", REDIS_URL="redis://cache:6379/1"))
    assert seen["Q_CLUSTER"]["redis"] == "redis://cache:6379/1"
    assert "orm" not in seen["Q_CLUSTER"]
    assert seen["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/1"


def test_a_waiting_task_is_not_taken_for_lost(settings_with):
    cluster = told(settings_with("Q_CLUSTER", IMPORT_WORKERS="7"))["Q_CLUSTER"]
    assert cluster["workers"] == 7
    assert cluster["retry"] >= cluster["timeout"] * (2 + cluster["queue_limit"] / cluster["workers"])


def test_secrets_survive_a_restart(settings_with):
    first = told(settings_with("SECRET_KEY", "TOKEN_KEYS"))
    assert told(settings_with("SECRET_KEY", "TOKEN_KEYS")) == first
    assert len(first["TOKEN_KEYS"]) == 1


def test_feeds_can_be_switched_off(settings_with):
    assert told(settings_with("EPSS_URL", "KEV_URL", EPSS_URL=""))["EPSS_URL"] == ""
    assert told(settings_with("KEV_URL"))["KEV_URL"].startswith("https://www.cisa.gov/")


@pytest.mark.parametrize("name", ["DEBUG", "SOURCE_ALLOW_HTTP", "IMPORT_WORKERS", "SOURCE_ALLOWED_NETWORKS"])
def test_nonsense_stops_manage_py_with_a_sentence(installation, name):
    refused = installation.run("check", **{name: "nonsense"})
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: {name}")
    assert "Traceback" not in refused.stderr
