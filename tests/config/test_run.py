"""Where the site listens, and how its address is told."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from config import run


@pytest.fixture
def listener():
    with run.listen("127.0.0.1:0") as listener:
        yield listener


def test_the_address_names_the_port_that_was_found(listener):
    assert run.address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_behind_a_proxy_the_address_is_the_public_one(listener, settings):
    settings.HTTPS = True
    settings.ALLOWED_HOSTS = ["sightline.example", *settings.LOOPBACK]
    assert run.address(listener) == "https://sightline.example"


def test_a_site_open_to_all_is_told_as_an_address_one_can_click():
    with run.listen("0.0.0.0:0") as listener:
        assert run.address(listener).startswith("http://127.0.0.1:")


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.0.0.1:http", "127.0.0.1:70000", ":", ""])
def test_a_bind_that_is_none_is_told_in_a_sentence(bind):
    with pytest.raises(CommandError, match="write HOST:PORT"):
        run.listen(bind)


def test_nobody_answers_before_the_web_server_is_there(listener):
    assert run.answers(listener) is False
