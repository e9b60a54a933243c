"""The project's settings, in a throw-away DATA_DIR and with what makes tests quick. Nothing else may differ."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet

scratch = TemporaryDirectory(prefix="sightline-tests-", ignore_cleanup_errors=True)  # removed when the process ends
os.environ["DATA_DIR"] = scratch.name
os.environ["SECRET_KEY"] = "only for tests; real keys are random and live in DATA_DIR"
os.environ["TOKEN_KEYS"] = Fernet.generate_key().decode()
os.environ |= dict.fromkeys(("EPSS_URL", "KEV_URL"), "")  # no test downloads anything

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASE_URL, DATABASES, PLAIN, Q_CLUSTER, STORAGES  # noqa: E402

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

if not DATABASE_URL:  # a file, not memory: the live server's threads need connections of their own, as in real use
    DATABASES["default"]["TEST"] = {"NAME": f"{scratch.name}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
Q_CLUSTER["name"] = f"sightline-test-{WORKER}"  # workers of the same test run share one Redis

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": PLAIN}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
