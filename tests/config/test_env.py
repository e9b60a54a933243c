"""Settings come from the environment; nonsense is refused in words."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("Yes", True), ("ON", True), ("off", False), ("0", False)])
def test_a_flag_is_read_as_people_write_it(monkeypatch, written, meant):
    monkeypatch.setenv("FLAG", written)
    assert env.flag("FLAG", default=not meant) is meant


def test_an_empty_flag_keeps_its_default(monkeypatch):
    monkeypatch.setenv("FLAG", "")
    assert env.flag("FLAG", default=True) is True


def test_a_flag_that_is_neither_on_nor_off_is_refused(monkeypatch):
    monkeypatch.setenv("FLAG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="FLAG is 'maybe'; write on or off"):
        env.flag("FLAG")


def test_a_number_is_read(monkeypatch):
    monkeypatch.setenv("NUMBER", " 12 ")
    assert env.integer("NUMBER", 1, least=0, most=12) == 12


@pytest.mark.parametrize("written", ["13", "-1", "1.5", "twelve", "1_2", "9" * 400])
def test_a_number_out_of_its_range_or_no_number_is_refused(monkeypatch, written):
    monkeypatch.setenv("NUMBER", written)
    with pytest.raises(ImproperlyConfigured, match=r"NUMBER .* from 0 to 12"):
        env.integer("NUMBER", 1, least=0, most=12)


def test_a_list_is_written_with_commas(monkeypatch):
    monkeypatch.setenv("LIST", "a.example, b.example,,")
    assert env.items("LIST") == ["a.example", "b.example"]
    monkeypatch.delenv("LIST")
    assert env.items("LIST", default=("c",)) == ["c"]


def test_networks_are_checked(monkeypatch):
    monkeypatch.setenv("NETS", "10.0.0.0/8, 192.168.1.4, fd00::/8")
    assert env.networks("NETS") == ("10.0.0.0/8", "192.168.1.4/32", "fd00::/8")


@pytest.mark.parametrize("written", ["10.0.0.1/8", "intranet", "10.0.0.0/33"])
def test_a_network_that_is_none_is_refused(monkeypatch, written):
    monkeypatch.setenv("NETS", written)
    with pytest.raises(ImproperlyConfigured, match="NETS"):
        env.networks("NETS")


def test_an_address_with_a_password_is_not_shown_when_it_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hunter2@db/sightline")
    with pytest.raises(ImproperlyConfigured, match="postgres://") as refused:
        env.url("DATABASE_URL", "", schemes=("postgres",))
    assert "hunter2" not in str(refused.value)


def test_an_address_set_to_nothing_is_switched_off(monkeypatch):
    monkeypatch.setenv("FEED", "")
    assert env.url("FEED", "https://feeds.example/", schemes=("https",)) == ""


def test_a_file_that_is_not_there_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("BUNDLE", str(tmp_path / "ca.pem"))
    with pytest.raises(ImproperlyConfigured, match=r"BUNDLE names .*ca\.pem"):
        env.file("BUNDLE")


def test_a_directory_is_made_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.setenv("DIR", str(tmp_path / "a" / "b"))
    made = env.directory("DIR", default=tmp_path)
    assert made.is_dir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_directory_that_can_not_be_made_is_refused(monkeypatch, tmp_path):
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("DIR", str(tmp_path / "taken"))
    with pytest.raises(ImproperlyConfigured, match=r"DIR is .*taken"):
        env.directory("DIR", default=tmp_path)


class TestSecret:
    def read(self, folder: Path) -> str:
        return env.secret("THE_KEY", folder, make=lambda: "made up")

    def test_comes_from_the_environment_first(self, monkeypatch, tmp_path):
        monkeypatch.setenv("THE_KEY", "given")
        assert self.read(tmp_path) == "given"
        assert list(tmp_path.iterdir()) == []

    def test_comes_from_the_named_file(self, monkeypatch, tmp_path):
        (tmp_path / "mounted").write_text("from a file\n")
        monkeypatch.setenv("THE_KEY_FILE", str(tmp_path / "mounted"))
        assert self.read(tmp_path) == "from a file"

    def test_is_made_once_and_kept_private(self, tmp_path):
        assert self.read(tmp_path) == "made up"
        (kept,) = tmp_path.iterdir()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert env.secret("THE_KEY", tmp_path, make=lambda: "another") == "made up"

    def test_an_emptied_file_is_refused_and_never_replaced(self, tmp_path):
        (tmp_path / "the_key").touch()
        with pytest.raises(ImproperlyConfigured, match="empty"):
            self.read(tmp_path)

    def test_keys_that_are_none_are_refused_without_showing_them(self, monkeypatch, tmp_path):
        monkeypatch.setenv("THE_KEY", "not-a-key")
        with pytest.raises(ImproperlyConfigured, match="THE_KEY") as refused:
            env.keys("THE_KEY", tmp_path)
        assert "not-a-key" not in str(refused.value)

    def test_keys_are_a_list_newest_first(self, monkeypatch, tmp_path):
        new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        monkeypatch.setenv("THE_KEY", f"{new}, {old}")
        assert env.keys("THE_KEY", tmp_path) == [new, old]

    def test_processes_that_start_at_once_agree(self, tmp_path):
        script = (
            "import sys, time, uuid; from pathlib import Path; from config import env;"
            "time.sleep(max(0, %f - time.time()));"  # all of them at the same moment
            "print(env.secret('THE_KEY', Path(sys.argv[1]), make=lambda: uuid.uuid4().hex))"
        )
        argv = [sys.executable, "-c", script % (time.time() + 1.5), str(tmp_path)]
        started = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(6)]
        assert len({process.communicate()[0] for process in started}) == 1
        assert os.listdir(tmp_path) == ["the_key"]
