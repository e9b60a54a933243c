"""Whatever is logged, no credential reaches the log."""

from __future__ import annotations

import logging
import logging.config
from io import StringIO

import pytest
from django.conf import settings

from config.logging import RedactFilter, redact

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzZXJ2aWNlLXVzZXIifQ.c2lnbmF0dXJl"
OLDER = "aB3" * 26 + "zZ"  # 80 signs, as SentinelOne's consoles once gave


@pytest.fixture
def log():
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactFilter())
    logger = logging.getLogger("test-of-redaction")
    logger.addHandler(handler)
    logger.propagate = False
    logger.read = stream.getvalue  # type: ignore[attr-defined]
    yield logger
    logger.removeHandler(handler)


@pytest.mark.parametrize("secret", [JWT, OLDER, f"ApiToken {JWT}", "Bearer short-one", "apitoken: opaque"])
def test_a_credential_is_blotted_out_of_a_message(log, secret):
    log.warning("sent %s to the tenant", secret)
    assert secret.split()[-1] not in log.read()
    assert "[redacted]" in log.read()
    assert "to the tenant" in log.read()


def test_a_credential_is_blotted_out_of_a_traceback(log):
    try:
        raise ValueError(f"header was Authorization: ApiToken {JWT}")
    except ValueError:
        log.exception("failed")
    assert "ValueError: header was Authorization: ApiToken [redacted]" in log.read()
    assert JWT not in log.read()


def test_a_credential_is_blotted_out_of_a_stack(log):
    log.warning("here", stack_info=True)
    assert "Stack (most recent call last)" in log.read()
    record = logging.makeLogRecord({"msg": "x", "stack_info": f"token = '{JWT}'"})
    RedactFilter().filter(record)
    assert record.stack_info == "token = '[redacted]'"


@pytest.mark.parametrize(
    "harmless",
    [
        "imported 1,204 findings in 3.2 s",
        "sha256 " + "0f" * 32,
        "sha512 " + "0f" * 64,
        "CVE-2024-12345 on srv-01.example.com",
        "/issues/?q=bearer&severity=high",
    ],
)
def test_what_is_no_credential_stays(harmless):
    assert redact(harmless) == harmless


def test_every_logger_of_the_project_goes_through_the_filter():
    config: dict = settings.LOGGING
    assert all("redact" in handler["filters"] for handler in config["handlers"].values())
    assert not any(logger.get("handlers") for logger in config["loggers"].values())


def test_the_filter_survives_a_message_whose_arguments_do_not_fit():
    record = logging.makeLogRecord({"msg": "%d findings", "args": ("many",)})
    assert RedactFilter().filter(record)
    assert record.getMessage() == "%d findings ('many',)"
