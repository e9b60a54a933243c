"""The one settings file, in reading order. Every environment variable is read here; the README lists them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.management.utils import get_random_secret_key

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.directory("DATA_DIR", default=BASE_DIR / "var")
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

# Secrets: from the environment, from a file, or generated into DATA_DIR

SECRET_KEY = env.secret("SECRET_KEY", made_in=DATA_DIR, make=get_random_secret_key)
# Newest first; the first one encrypts, all of them decrypt. Apart from SECRET_KEY, which must stay changeable.
TOKEN_KEYS = env.keys("TOKEN_KEYS", made_in=DATA_DIR)

# Who may reach the site, and how

DEBUG = env.flag("DEBUG")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ALLOWED_HOSTS = [*env.items("ALLOWED_HOSTS"), *LOOPBACK]  # this machine may always ask: probes and `up` itself do
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")
# Whoever opens the site to other machines gets https-only cookies, unless they say that they do not want them.
HTTPS = env.flag("HTTPS", default=not DEBUG and not set(ALLOWED_HOSTS) <= set(LOOPBACK))

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes come from inside, over plain http
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
# Other names below this host, and the browsers' preload list, are for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "sightline_session"  # cookies ignore ports, and loopback has many tenants
CSRF_COOKIE_NAME = "sightline_csrf"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the resource picker of a large tenant sends a box for every row it shows

# The application

INSTALLED_APPS = [
    "config.apps.ProjectConfig",
    "connectors.apps.ConnectorsConfig",
    "issues.apps.IssuesConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_q",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "config.csp.ContentPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "issues.navigation.navigation",
            ],
        },
    }
]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

# Users

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Data: one SQLite file, or PostgreSQL when one machine is outgrown

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_URL = env.url("DATABASE_URL", default="", schemes=("postgres", "postgresql"))
REDIS_URL = env.url("REDIS_URL", default="", schemes=("redis", "rediss", "unix"))

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "sightline.sqlite3",
    "CONN_MAX_AGE": 600,
    "OPTIONS": {
        "timeout": 20,
        # A transaction that has read can't wait for the writer: with Django's default half of the requests that read
        # and then write fail while an import runs.
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16384;PRAGMA temp_store=MEMORY;"
            "PRAGMA journal_size_limit=67108864;PRAGMA wal_autocheckpoint=8000;"
        ),
    },
}
POSTGRES = dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True) if DATABASE_URL else None
if POSTGRES:
    # Statements here are short or read a few rows of large tables from where they lie: not worth compiling, and cheaper
    # by an index than the default for turning discs says. What DATABASE_URL says of options wins.
    POSTGRES["OPTIONS"] = {"options": "-c jit=off -c random_page_cost=1.1"} | dict(POSTGRES.get("OPTIONS", {}))
DATABASES = {"default": POSTGRES or SQLITE}

# Shared by web server and workers: on one machine a folder, which takes no write lock from the database.
if REDIS_URL:
    CACHE: dict[str, Any] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
elif POSTGRES:
    CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"}
else:
    CACHE = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA_DIR / "cache"}
if not REDIS_URL:
    CACHE["OPTIONS"] = {"MAX_ENTRIES": 10_000}  # above the limit Django throws out entries at random
CACHES = {"default": {**CACHE, "KEY_PREFIX": "sightline"}}

# Background work

# How long a worker that gave no sign of life keeps its run. Shorter than a page takes, and workers steal live runs.
RUN_LEASE_SECONDS = env.integer("RUN_LEASE_SECONDS", default=60, least=1, most=3600)
IMPORT_WORKERS = env.integer("IMPORT_WORKERS", default=2, least=1, most=64)
Q_CLUSTER: dict[str, Any] = {
    "name": "sightline",
    "workers": IMPORT_WORKERS,
    "queue_limit": IMPORT_WORKERS,  # tasks taken into memory wait there, and are lost to others, until their turn
    "bulk": 1,
    "timeout": 300,
    "retry": 1800,  # at least timeout × (2 + queue_limit / workers), or a waiting task runs twice
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 100,
    "recycle": 50,
    "max_rss": 600_000,
    "poll": 0.5,
    "guard_cycle": 1,
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}

# Static files: hashed names made by `up` and `demo`; read where they lie in development

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MANIFEST = "config.static.BundledStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN if DEBUG else MANIFEST},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# REST API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "issues.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "issues.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "issues.api.schema.Schema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sightline",
    "DESCRIPTION": "Endpoint vulnerabilities in the context of the applications they threaten.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],  # each field lists its words itself; names made up for lists of words change too easily
}

# Sources and feeds

SOURCE_ALLOWED_NETWORKS = env.networks("SOURCE_ALLOWED_NETWORKS")
SOURCE_ALLOW_HTTP = env.flag("SOURCE_ALLOW_HTTP")
SOURCE_CA_BUNDLE = env.file("SOURCE_CA_BUNDLE")
SOURCE_PAGE_ROWS = env.integer("SOURCE_PAGE_ROWS", default=1000, least=10, most=1000)  # fewer for a slow console
SOURCE_WAITS: dict[str, Any] = {}  # fields of connectors.sources.waits.Waits that differ from its defaults
EPSS_URL = env.url(
    "EPSS_URL",
    default="https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
    schemes=("https", "http", "file"),
)
KEV_URL = env.url(
    "KEV_URL",
    default="https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
    schemes=("https", "http", "file"),
)

# Logs: to stderr, without credentials

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "config.logging.RedactFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django-q": {"level": "WARNING"},  # it tells of every task, and a heartbeat is one
    },
}
