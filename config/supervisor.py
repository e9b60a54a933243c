"""Keeps a few programs running as one process tree: starts, watches, restarts and ends them together.

Each child is a process group of its own, because a dead parent leaves its workers behind: before a restart and at the
end the whole group is killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parent.parent
TICK = 0.2  # seconds between two looks at the children
LASTING = 60.0  # seconds after which a child counts as well, and its earlier deaths are forgotten
LONGEST_PAUSE = 30.0  # seconds before a restart, at most
HOPELESS = 5  # quick deaths in a row of a child that never lasted


class Pulse(Protocol):
    """Tells whether a child that runs also works."""

    def restart(self) -> None:
        """The child is new: forget what was."""
        ...

    def beats(self) -> bool:
        """Called every tick; ``False`` has the child killed and started again."""
        ...


class Hopeless(Exception):
    """A child dies again and again; the sentence says which."""


@dataclass
class Child:
    """A Python program: ``argv`` is ``["manage.py", "qcluster"]`` or ``["-m", "gunicorn", …]``, run in the project."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)  # on top of our own
    fds: tuple[int, ...] = ()  # file descriptors it inherits
    grace: float = 10.0  # seconds between SIGTERM and SIGKILL
    pulse: Pulse | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0  # in a row
    lasted: bool = False
    due: float | None = None  # when to start it again

    def start(self, lifeline: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.lifeline", str(lifeline), *self.argv],
            cwd=ROOT,
            env={**os.environ, **self.env},
            pass_fds=(lifeline, *self.fds),
            start_new_session=True,
        )
        self.started, self.due = time.monotonic(), None
        if self.pulse:
            self.pulse.restart()

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process and self.runs:
            self.process.terminate()

    def kill_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """``Supervisor([web, workers], …).run()`` returns when SIGTERM or SIGINT was sent and everything has ended.

    ``answers`` is asked every tick until it is true; then ``on_ready`` is called once, in between two ticks, so it must
    be short: leave work that takes long to the workers. ``say`` gets one line for every restart.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        answers: Callable[[], bool],
        on_ready: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        self.children = children
        self.answers, self.on_ready, self.say = answers, on_ready, say
        self.ready = False
        self.signals = 0

    def run(self) -> None:
        """Raises ``Hopeless`` after ending everything, when a child can't be kept running."""
        with self._signals(), self._lifeline() as lifeline:
            try:
                for child in self.children:
                    child.start(lifeline)
                while not self.signals:
                    self._look_after_all(lifeline)
                    time.sleep(TICK)
            finally:
                self._end_all()

    def _look_after_all(self, lifeline: int) -> None:
        for child in self.children:
            self._look_after(child, lifeline)
        if not self.ready and self.answers():
            self.ready = True
            self.on_ready()

    def _look_after(self, child: Child, lifeline: int) -> None:
        if child.due is not None:
            if time.monotonic() >= child.due:
                child.start(lifeline)
        elif not child.runs:
            self._plan_restart(child, f"ended with {child.process and child.process.returncode}")
        elif child.pulse and not child.pulse.beats():
            self._plan_restart(child, "does not answer any more")

    def _plan_restart(self, child: Child, what: str) -> None:
        child.kill_group()
        long_enough = time.monotonic() - child.started > LASTING
        child.lasted = child.lasted or long_enough
        child.deaths = 1 if long_enough else child.deaths + 1
        if child.deaths >= HOPELESS and not child.lasted:
            raise Hopeless(f"{child.name} {what}, for the {child.deaths}th time. Its messages above say why.")
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (child.deaths - 1))
        child.due = time.monotonic() + pause
        self.say(f"{child.name} {what}; starting it again in {pause:g} s")

    def _end_all(self) -> None:
        """Ask all at once, wait for each as long as it may take, then kill the rest. A second signal ends the wait."""
        asked = time.monotonic()
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            while child.runs and self.signals < 2 and time.monotonic() < asked + child.grace:
                time.sleep(TICK / 4)
            child.kill_group()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def note(number: int, frame: object) -> None:
            self.signals += 1

        before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def _lifeline(self) -> Iterator[int]:
        theirs, ours = os.pipe()  # not inheritable: only this process holds our end
        try:
            yield theirs
        finally:
            os.close(theirs)
            os.close(ours)
