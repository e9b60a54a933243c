"""One installation on one machine: web server and workers as one process tree, for ``up`` and ``demo``.

    listener = listen("127.0.0.1:8000")    # CommandError with a sentence when the port is taken
    prepare()                              # database, cache and static files of this version
    serve(listener, on_ready=greet, more=[Child("tenant", ["manage.py", "simulate_tenant", …])])

``serve`` returns when it was told to end, with everything ended that it started.
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from config.pulse import WorkersPulse
from config.supervisor import Child, Hopeless, Supervisor

WEB_WORKERS = 2  # one process is held back by the interpreter's lock
THREADS = 4
WEB_GRACE, WORKERS_GRACE = 10.0, 20.0  # seconds; a task hands its work back when it is told to stop


def listen(bind: str) -> socket.socket:
    """A listening socket on HOST:PORT. Held by the supervisor, it outlives a restart of the web server."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65535:
        raise CommandError(f"--bind {bind}: write HOST:PORT, as in 127.0.0.1:8000.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family, backlog=1024)
    except OSError as error:
        reason = str(error.strerror or error).partition(" (")[0]  # the rest repeats the address
        raise CommandError(f"{bind} can't be used: {reason}. Choose another one with --bind HOST:PORT.") from None


def address(listener: socket.socket) -> str:
    """Where people find the site: ``http://127.0.0.1:8000``, or the public https name when there is one."""
    public = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host not in ("*", *settings.LOOPBACK)]
    if settings.HTTPS and public:
        return f"https://{public[0]}"
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound, only compared
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def prepare() -> None:
    """Bring database, cache table and static files to this version; ``CommandError`` when the database refuses."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        what = str(error).strip().splitlines()[0]
        where = "DATABASE_URL" if settings.DATABASE_URL else f"DATA_DIR, {settings.DATA_DIR}"
        raise CommandError(f"The database can't be used: {what}. It is set by {where}.") from None
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["rest_framework"])


def web(listener: socket.socket, workers: int = WEB_WORKERS) -> Child:
    argv = ["-m", "gunicorn", "config.wsgi", "--bind", f"fd://{listener.fileno()}", "--worker-class", "gthread"]
    argv += ["--workers", str(workers), "--threads", str(THREADS), "--graceful-timeout", str(int(WEB_GRACE - 2))]
    argv += ["--log-level", "warning", "--no-control-socket"]
    return Child("The web server", argv, fds=(listener.fileno(),), grace=WEB_GRACE)


def workers(count: int) -> Child:
    env = {"IMPORT_WORKERS": str(count)}
    return Child("The cluster of workers", ["manage.py", "qcluster"], env, grace=WORKERS_GRACE, pulse=WorkersPulse())


def serve(
    listener: socket.socket,
    *,
    on_ready: Callable[[], None],
    say: Callable[[str], None],
    web_workers: int = WEB_WORKERS,
    import_workers: int | None = None,
    more: Sequence[Child] = (),
) -> None:
    """Run it all until SIGTERM or SIGINT. ``on_ready`` is called once, when the web server answers; keep it short."""
    children = [*more, web(listener, web_workers), workers(import_workers or settings.IMPORT_WORKERS)]
    connections.close_all()  # no connection of ours may be open while children come and go
    try:
        Supervisor(children, answers=lambda: answers(listener), on_ready=on_ready, say=say).run()
    except Hopeless as error:
        raise CommandError(str(error)) from None
    finally:
        listener.close()


def answers(listener: socket.socket) -> bool:
    """Whether the web server answers at all, well or not."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound, only compared
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True
