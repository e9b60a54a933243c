"""``python -m config.lifeline FD program …``: a Python program whose whole process group ends with its supervisor.

The supervisor holds the other end of the pipe FD. The kernel closes it however the supervisor dies, SIGKILL included,
so nothing it started outlives it.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from threading import Thread


def end_with(lifeline: int) -> None:
    os.read(lifeline, 1)  # nobody ever writes: it returns when the other end is closed
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    lifeline, *sys.argv = sys.argv[1:]
    Thread(target=end_with, args=(int(lifeline),), daemon=True).start()
    if sys.argv[0] == "-m":
        sys.argv.pop(0)
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
