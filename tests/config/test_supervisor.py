"""Programs are kept running together, and end together."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from config.supervisor import Child, Hopeless, Supervisor
from tests.eventually import eventually

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_OFFSPRING = """
import os, sys, time
from pathlib import Path
for _ in range(2):
    if not os.fork():
        time.sleep(60)
        os._exit(0)
Path(sys.argv[1]).touch()
time.sleep(60)
"""


class Stage:
    """Runs a supervisor over small programs, and ends it like an operator would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []

    def child(self, name: str, source: str, **options) -> Child:
        script = self.folder / f"{name}.py"
        script.write_text(source)
        return Child(name, [str(script), str(self.folder / f"{name}.up")], **options)

    def up(self, name: str) -> bool:
        return (self.folder / f"{name}.up").exists()

    def supervise(self, *children: Child, until) -> None:
        Supervisor(children, answers=until, on_ready=end, say=self.said.append).run()


def end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def group_is_gone(child: Child) -> bool:
    assert child.process
    try:
        os.killpg(child.process.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


def test_what_a_child_started_ends_with_it(stage):
    parent = stage.child("parent", WITH_OFFSPRING)
    stage.supervise(parent, until=lambda: stage.up("parent"))
    assert eventually(lambda: group_is_gone(parent), within=2)


def test_a_child_that_will_not_end_is_killed_after_its_grace(stage):
    stubborn = stage.child("stubborn", f"import sys, pathlib; pathlib.Path(sys.argv[1]).touch()\n{STUBBORN}", grace=0.3)
    stage.supervise(stubborn, until=lambda: stage.up("stubborn"))
    assert stubborn.process
    assert stubborn.process.returncode == -signal.SIGKILL


def test_a_child_that_dies_is_started_again_after_its_group_was_killed(stage):
    once = (
        "import sys, pathlib, time\nmark = pathlib.Path(sys.argv[1])\nif mark.exists(): (mark.parent / 'again').touch()"
    )
    child = stage.child("weak", f"{once}\nmark.touch()\n")
    stage.supervise(child, until=lambda: (stage.folder / "again").exists())
    assert stage.said[0] == "weak ended with 0; starting it again in 0.5 s"


def test_a_child_that_never_lasts_is_given_up_and_the_others_are_ended(stage, monkeypatch):
    monkeypatch.setattr("config.supervisor.LONGEST_PAUSE", 0.0)
    other = stage.child("other", "import time; time.sleep(60)")
    with pytest.raises(Hopeless, match="broken ended with 3, for the 5th time"):
        stage.supervise(stage.child("broken", "raise SystemExit(3)"), other, until=lambda: False)
    assert eventually(lambda: group_is_gone(other), within=2)


def test_a_child_without_a_pulse_is_started_again(stage):
    class Pulse:
        starts = 0

        def restart(self) -> None:
            self.starts += 1

        def beats(self) -> bool:
            return self.starts > 1

    pulse = Pulse()
    stage.supervise(stage.child("deaf", "import time; time.sleep(60)", pulse=pulse), until=lambda: pulse.starts == 2)
    assert stage.said == ["deaf does not answer any more; starting it again in 0.5 s"]


def test_the_handlers_of_signals_are_put_back(stage):
    before = signal.getsignal(signal.SIGTERM)
    stage.supervise(stage.child("quiet", "import time; time.sleep(60)"), until=lambda: True)
    assert signal.getsignal(signal.SIGTERM) is before
