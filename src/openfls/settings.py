"""All settings, read top to bottom. What differs between places comes from the environment:

OPENFLS_HOME          where databases, keys and own mappings live (default: ./var); a file `demonstration`: made-up data
OPENFLS_DATABASE_URL  postgresql://user:password@host:5432/name puts everything on that PostgreSQL database;
                      several hosts with commas between are a primary and its standbys
OPENFLS_HOSTS         host names that people type, separated by commas; without it the service answers on loopback only
OPENFLS_LOG           least level that is logged (default: WARNING); INFO adds a line for each request
OPENFLS_LOG_FORMAT    text (default), or json: one object a line
OPENFLS_METRICS_TOKEN whoever sends it as a bearer token may read /metrics; without it nobody but this machine may
OPENFLS_LIKENESS      a file of weights that `openfls link --save` wrote: records are compared by it, not by ours
OPENFLS_DEBUG         1 shows errors in the browser, on loopback only
"""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from openfls.clinical import likeness
from openfls.feeds import laboratory
from openfls.record.keys import key_in

PACKAGE = Path(__file__).resolve().parent
OPENFLS_HOME = Path(os.environ.get("OPENFLS_HOME", "var")).resolve()

# --- Who may knock --------------------------------------------------------------------------------------------------
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
_named_hosts = [host.strip() for host in os.environ.get("OPENFLS_HOSTS", "").split(",") if host.strip()]
ALLOWED_HOSTS = _named_hosts or LOOPBACK_HOSTS
ON_LOOPBACK = set(ALLOWED_HOSTS) <= set(LOOPBACK_HOSTS)  # only there plain HTTP is safe

DEBUG = os.environ.get("OPENFLS_DEBUG", "") not in ("", "0")
if DEBUG and not ON_LOOPBACK:
    raise ImproperlyConfigured("OPENFLS_DEBUG shows patients' data in error pages: unset it, or unset OPENFLS_HOSTS")

# A folder marked so holds made-up patients and sign-ins with printed passwords: it is never served to others.
DEMONSTRATION = (OPENFLS_HOME / "demonstration").exists()
if DEMONSTRATION and not ON_LOOPBACK:
    raise ImproperlyConfigured(
        f"{OPENFLS_HOME} holds the demonstration: unset OPENFLS_HOSTS, or set another OPENFLS_HOME"
    )

SECRET_KEY = key_in(OPENFLS_HOME / "secret.key")
TRAIL_KEY_FILE = OPENFLS_HOME / "trail.key"  # chains the audit trail; outside the database on purpose

# Code maps of the laboratories that send results here, beside those of the package.
laboratory.look_in(OPENFLS_HOME / laboratory.FOLDER)

# --- Parts ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [  # coordination has no models, so it is none
    "openfls.record",
    "openfls.inbox",
    "django.contrib.auth",
    "openfls.pages",  # after auth, one habit of which it ends
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "openfls.pages.health.requests.Watched",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "openfls.record.sessions.LongestSession",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "openfls.pages.frame.busy.RecordBusy",
]

SILENCED_SYSTEM_CHECKS = ["urls.W002"]  # FHIR's base is an address of its own, without a slash at its end
ROOT_URLCONF = "openfls.urls"
WSGI_APPLICATION = "openfls.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "pages"],  # a component's templates lie beside its views
        "APP_DIRS": True,
        "OPTIONS": {"environment": "openfls.pages.environment.environment"},
    }
]

# --- Databases ------------------------------------------------------------------------------------------------------
# Four aliases: the record, the inbox (a slow writer there must not delay an acknowledgement), the audit trail
# (kept whatever becomes of the request), sessions (every page writes its own: reading must not wait for the record).
# Never ATOMIC_REQUESTS: a rolled-back request would lose its read record, and together with IMMEDIATE it would
# serialise every page.

# SQLite before 3.51.3 can corrupt a database that two connections checkpoint and write at once: there, only
# `record.databases.checkpoint` empties the write-ahead log.
SQLITE_WAL_RESET_BUG = sqlite3.sqlite_version_info < (3, 51, 3)

# (Not trusted_schema=OFF: Django checks JSON columns by a function that SQLite then refuses.)
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # an acknowledged message survives a power cut; NORMAL loses some
    "mmap_size": 0,
    "journal_size_limit": 64 * 1024 * 1024,
    "recursive_triggers": "ON",  # so that INSERT OR REPLACE can't slip past the append-only triggers
    **({"wal_autocheckpoint": 0} if SQLITE_WAL_RESET_BUG else {}),
}


def sqlite_database(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": OPENFLS_HOME / f"{name}.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": ";".join(f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS.items()),
        },
    }


# A machine that vanishes without a word is given up after half a minute, not after the quarter of an hour or the two
# hours of the network's own defaults. A machine that lives answers these by itself, however long a question takes it.
POSTGRESQL_OPTIONS = {
    "connect_timeout": "10", "tcp_user_timeout": "25000",
    "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
}  # fmt: skip


def postgresql_database(url: str) -> dict[str, Any]:
    """``postgresql://user:password@host:5432/name?sslmode=verify-full``; a socket's folder stands in ``?host=``.

    Several hosts, ``one:5432,two:5432``, with the one taken that accepts writes (unless ``target_session_attrs`` says
    otherwise).
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured("OPENFLS_DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = {**POSTGRESQL_OPTIONS, **dict(parse_qsl(parts.query))}
    named = [_host_and_port(place) for place in parts.netloc.rpartition("@")[2].split(",")]
    hosts = options.pop("host", ",".join(host for host, _ in named))
    if "," in hosts:
        options.setdefault("target_session_attrs", "read-write")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": hosts,
        "PORT": options.pop("port", ",".join(port for _, port in named) if any(port for _, port in named) else ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _host_and_port(place: str) -> tuple[str, str]:
    """``host:5432``, ``[::1]:5432`` or either alone."""
    host, port = (place, "") if place.endswith("]") or ":" not in place else place.rsplit(":", 1)
    if port and not port.isdecimal():
        raise ImproperlyConfigured(f"OPENFLS_DATABASE_URL: the port {port!r} is no number, in host:5432")
    return host.strip("[]"), port


_url = os.environ.get("OPENFLS_DATABASE_URL", "")
DATABASES = {
    alias: postgresql_database(_url) if _url else sqlite_database(file)
    for alias, file in {"default": "record", "inbox": "inbox", "audit": "audit", "sessions": "sessions"}.items()
}
DATABASE_ROUTERS = ["openfls.record.routing.ByPurpose"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Who is who -----------------------------------------------------------------------------------------------------
# By what records are compared, to ask a person; after a change: openfls rebuild.
_weights = os.environ.get("OPENFLS_LIKENESS", "")
try:
    LIKENESS = likeness.read_weights(Path(_weights)) if _weights else likeness.WEIGHTS
except likeness.UnfitWeights as error:
    raise ImproperlyConfigured(f"OPENFLS_LIKENESS: {error}") from None

# --- Signing in -----------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: refuses a locked-out account before its password is looked at
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"  # in the database, so a restart forgets no failure
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # never the address alone: a ward shares one
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "openfls.pages.signin.views.locked_out"
CSRF_FAILURE_VIEW = "openfls.pages.frame.errors.form_too_old"

# --- Sessions and cookies: only what is strictly necessary ----------------------------------------------------------
SESSION_COOKIE_NAME = "openfls_session"
SESSION_COOKIE_AGE = 15 * 60  # seconds without a request: wards share computers
SESSION_SAVE_EVERY_REQUEST = True
SESSION_LONGEST = timedelta(hours=12)
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not ON_LOOPBACK
CSRF_COOKIE_NAME = "openfls_csrf"
CSRF_COOKIE_AGE = None  # ends with the browser
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not ON_LOOPBACK

# --- What the browser may do ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not ON_LOOPBACK  # gunicorn takes X-Forwarded-Proto from a proxy on the same machine
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]  # a watcher on the same machine asks without TLS
SECURE_HSTS_SECONDS = 0 if ON_LOOPBACK else 365 * 24 * 3600

# --- Static files: served by the same process, straight from the package --------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"

# --- Limits on what is sent to us -----------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes of a form, files not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = [
    "openfls.pages.uploads.bounded.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = OPENFLS_HOME  # a list holds names: on its way in it lies in no folder that others share

# --- Watching over it -----------------------------------------------------------------------------------------------
METRICS_TOKEN = os.environ.get("OPENFLS_METRICS_TOKEN", "")

# --- Logging: to standard error, without patient data ---------------------------------------------------------------
LOG_FORMAT = os.environ.get("OPENFLS_LOG_FORMAT", "text")
if LOG_FORMAT not in ("text", "json"):
    raise ImproperlyConfigured(f"OPENFLS_LOG_FORMAT is {LOG_FORMAT!r}: say text or json")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"text": {"()": "openfls.record.logs.Discreet"}, "json": {"()": "openfls.record.logs.Structured"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("OPENFLS_LOG", "WARNING").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.db.backends": {"level": "INFO"},  # below it, statements with what is in them
    },
}
