"""How pages and the API ask for work in the background: they name it, and never do it themselves."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from issues.decisions.batch import Done

if TYPE_CHECKING:
    from issues.decisions.deed import Deed


def recompute_soon() -> None:
    """Bring severities up to date once this transaction is stored, after changed rules, feeds or applications.

    Forgetting to ask only delays it: what is outdated is looked for each minute.
    """
    transaction.on_commit(lambda: async_task("issues.tasks.recompute"))


def remap_soon() -> None:
    """Have endpoints and their findings follow the mapping rules and pins once this transaction is stored.

    Forgetting to ask only delays it: whatever has to move is looked for each minute.
    """
    transaction.on_commit(lambda: async_task("issues.tasks.remap"))


def lapse_soon() -> None:
    """Go on with ending decisions whose time is over."""
    transaction.on_commit(lambda: async_task("issues.tasks.lapse"))


def keep_up_soon() -> None:
    """Bring trends and fixes up to date once this transaction is stored. Forgetting to ask only delays it."""
    transaction.on_commit(lambda: async_task("issues.tasks.keep_up"))


def decide_later(user_id: int, deed: Deed, query: str, token: int = 0) -> int:
    """Decide about all issues that match, in the background. Returns the token by which it can be undone.

    ``token``: of what was begun already.
    """
    token = token or Done(0, timezone.now()).token
    transaction.on_commit(lambda: async_task("issues.tasks.decide", user_id, asdict(deed), query, token))
    return token


def undo_later(user_id: int, token: int) -> None:
    transaction.on_commit(lambda: async_task("issues.tasks.undo", user_id, token))
