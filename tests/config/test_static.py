"""As deployed: one stylesheet, in its layers, under a name that changes with it."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings


@pytest.fixture
def collected(settings, tmp_path):
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": settings.MANIFEST}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path


def stylesheet() -> str:
    return staticfiles_storage.url("issues/css/index.css").removeprefix("/static/")


def test_the_stylesheet_is_one_file_with_everything_in_its_layer(collected):
    name = stylesheet()
    assert re.fullmatch(r"issues/css/index\.[0-9a-f]{12}\.css", name)
    text = (collected / name).read_text()
    assert "@import" not in text
    assert text.index("@layer base, layout, components, states, print;") < text.index("--canvas:")
    assert re.search(r"@layer components {\n[^@]*\.btn \{", text)
    assert (collected / f"{name}.gz").exists()


def test_collecting_twice_gives_the_same_names(collected):
    first = stylesheet()
    call_command("collectstatic", interactive=False, verbosity=0)
    assert stylesheet() == first
