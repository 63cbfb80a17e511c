"""Every setting of Dépêche, read from the environment; safe for production unless loosened.

The table for people is docs/reference/settings.md; a test keeps the two in step.
"""

import os
import secrets
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import validate

from depeche.environment import DATA, LOOPBACK_HOSTS, ROOT, env, is_ip_address, items
from depeche.newsroom.signing_in_settings import *  # noqa: F403 - allauth's and axes', the same everywhere

# --- Where things are kept -------------------------------------------------------------------

MEDIA_ROOT = DATA / "media"
STATIC_ROOT = DATA / "static"
CATCHER_MAILDIR = DATA / "caught-mail"
IMPORTS_FOLDER = DATA / "imports"  # addresses: no place that a web server shows
LINK_COPIES = DATA / "link-copies"  # beside the media folder, whose files anybody may have
KEYS_FOLDER = Path(env.str("DEPECHE_KEYS", default="") or DATA / "keys").expanduser().resolve()
DKIM_FOLDER = Path(env.str("DEPECHE_DKIM", default="") or DATA / "dkim").expanduser().resolve()
JOURNAL_FILE = Path(env.str("DEPECHE_JOURNAL", default="") or DATA / "journal.jsonl").expanduser().resolve()
ACKS_FOLDER = DATA / "acks"


def _secret_key() -> str:
    """The key of the environment, or the one kept in the data folder, made on first use (mode 600)."""
    given = env.str("DEPECHE_SECRET_KEY", default="")
    if given:
        return given
    path = DATA / "secret-key"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:  # another process was first: its key is the key
            pass
    return path.read_text().strip()


def _base_url() -> str:
    """The address readers type: set, or noted by the last `bin/start`, or the default of `bin/start`."""
    noted = DATA / "base-url"
    default = noted.read_text().strip() if noted.exists() else "http://127.0.0.1:8000"
    return (env.str("DEPECHE_BASE_URL", default="") or default).rstrip("/")


SECRET_KEY = _secret_key()
BASE_URL = _base_url()
BASE_HOST = urlsplit(BASE_URL).hostname or ""
IS_PUBLIC = BASE_HOST not in LOOPBACK_HOSTS

STAGE = env.str("DEPECHE_STAGE", default="development")
STAGES = ("development", "staging", "production")
ALLOWED_HOSTS = items("DEPECHE_ALLOWED_HOSTS") or [BASE_HOST, *sorted(LOOPBACK_HOSTS), "[::1]"]
TRUSTED_PROXIES = items("DEPECHE_TRUSTED_PROXIES")
DEBUG = False

# --- The newsroom ----------------------------------------------------------------------------

_LANGUAGE_NAMES = {"fr": "Français", "en": "English"}
LANGUAGES = [
    (code, _LANGUAGE_NAMES.get(code, code)) for code in items("DEPECHE_LANGUAGES", "fr,en") or ["fr"]
]
LANGUAGE_CODE = LANGUAGES[0][0]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français"), ("en", "English")]
TIME_ZONE = env.str("DEPECHE_TIME_ZONE", default="Europe/Paris")
USE_TZ = True
USE_I18N = WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [ROOT / "locale"]

# --- Signing up ------------------------------------------------------------------------------

KEEP_NETWORK = env.bool("DEPECHE_KEEP_NETWORK", default=False)
SIGN_UPS_PER_HOUR = env.int("DEPECHE_SIGN_UPS_PER_HOUR", default=2000, validate=lambda number: number >= 10)
ALTCHA = env.bool("DEPECHE_ALTCHA", default=False)
# Where so many have their mail that a flood to one of them says little.
BIG_MAIL_DOMAINS = {
    *("gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com"),
    *(
        "live.fr",
        "msn.com",
        "yahoo.com",
        "yahoo.fr",
        "ymail.com",
        "aol.com",
        "icloud.com",
        "me.com",
        "mac.com",
    ),
    *("orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr", "numericable.fr"),
    *(
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.com",
        "gmx.de",
        "gmx.fr",
        "gmx.net",
        "web.de",
        "t-online.de",
    ),
    *("zoho.com", "fastmail.com", "mailbox.org", "posteo.net", "bluewin.ch", "skynet.be", "telenet.be"),
    *(domain.lower() for domain in items("DEPECHE_BIG_MAIL_DOMAINS")),
}

# --- Mail ------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_FALLBACK_URL = env.str("EMAIL_FALLBACK_URL", default="")
BOUNCE_MAILBOX = env.str("DEPECHE_BOUNCE_MAILBOX", default="")  # holds a password
MAIL_DOMAINS = items("DEPECHE_MAIL_DOMAINS")
# Before the @ at most 26 of the 64 octets (RFC 5321 §4.5.3.1.1): what tells one mail from another needs the rest.
BOUNCE_ADDRESS = env.str(
    "DEPECHE_BOUNCE_ADDRESS",
    default="",
    validate=validate.Regexp(
        r"(?i:([a-z0-9_.-]{1,26}@[a-z0-9.-]+)?)\Z",
        error="an address such as retours@bounces.example.org, with at most 26 characters before the @",
    ),
)
OPEN_TRACKING = env.bool("DEPECHE_OPEN_TRACKING", default=False)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEPECHE_MAIL_FROM", default="") or (
    f"redaction@{BASE_HOST if IS_PUBLIC else 'depeche.test'}"
)
DKIM_SELECTORS = items("DEPECHE_DKIM_SELECTORS")
SENDING_IPS = items("DEPECHE_SENDING_IPS")
DNS_SERVERS = items("DEPECHE_DNS_SERVERS")
BIG_SEND = env.int("DEPECHE_BIG_SEND", default=500, validate=lambda number: number >= 1)
EMAIL_BACKEND = "depeche.delivery.backend.TransactionalBackend"

# --- Database and jobs -----------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA / 'depeche.sqlite3'}"
try:
    _database = dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)
except ValueError as error:
    raise ImproperlyConfigured(f"DATABASE_URL: {error}") from error
if _database["ENGINE"].rsplit(".", 1)[-1] not in ("sqlite3", "postgresql"):
    raise ImproperlyConfigured("DATABASE_URL: sqlite:///… or postgresql://… is needed")
DATABASES: dict[str, dict[str, Any]] = {"default": dict(_database)}
IS_SQLITE = str(_database["ENGINE"]).endswith("sqlite3")
if IS_SQLITE:
    # Autosave and live preview write at once; with Django's own settings they meet "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA secure_delete=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HUEY: dict[str, Any] = {
    "name": "depeche",
    "immediate": False,
    # On SQLite one: two index jobs of one article would both enter it as new.
    # A reader who signed up waits for a mail: the queue is looked at each second.
    "consumer": {"workers": 1 if IS_SQLITE else 2, "worker_type": "thread", "max_delay": 1.0},
}
if IS_SQLITE:
    HUEY |= {"huey_class": "huey.SqliteHuey", "filename": str(DATA / "jobs.sqlite3")}
else:  # one queue for all machines; its tables are made by `prepare`
    HUEY |= {"huey_class": "huey.PostgresHuey", "dsn": DATABASE_URL, "create_tables": False}
TASKS = {
    "default": {
        "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
        # Else Wagtail's index tasks run before the commit they are about.
        "ENQUEUE_ON_COMMIT": True,
    }
}
WAGTAIL_TASKS_BACKEND = "default"

# --- Django and Wagtail ----------------------------------------------------------------------

INSTALLED_APPS = [
    "depeche.ops",
    "depeche.front",
    "depeche.newsroom",
    "depeche.newsletters",
    "depeche.articles",
    "depeche.subscribers",
    "depeche.delivery",
    "depeche.jobs",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "depeche.newsroom.apps.ColleaguesConfig",  # wagtail.users, with our pages for colleagues
    "wagtail.snippets",
    "wagtail.documents",  # the admin of 7.4 does not load without it
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "huey.contrib.djhuey",
    "django_tasks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # Wagtail says « il y a 2 minutes » with its translations
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "depeche.front.middleware.ContentSecurityPolicy",
    "depeche.front.middleware.asked_again",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "depeche.front.middleware.incomplete_forms",
    "allauth.account.middleware.AccountMiddleware",
    "depeche.newsroom.middleware.SecondFactor",
    "depeche.articles.middleware.closed_gate",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "depeche.urls"
WSGI_APPLICATION = "depeche.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "depeche.front.context_processors.paper",
            ],
        },
    },
]

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Signing in ------------------------------------------------------------------------------

# « required » of whoever publishes, sends, sees readers or changes colleagues, or « offered » at each sign-in.
SECOND_FACTOR = env.str("DEPECHE_MFA", default="") or ("required" if IS_PUBLIC else "offered")

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
if (BASE_URL.startswith("https://") and not is_ip_address(BASE_HOST)) or BASE_HOST == "localhost":
    MFA_SUPPORTED_TYPES.append("webauthn")  # elsewhere no browser would agree

SESSION_COOKIE_AGE = 12 * 3600  # since the last page; the browser forgets it when it is closed
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- What browsers are told -------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor shows its preview in a frame
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long article in the editor has many

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
    },
}
# Wagtail 7.4 still writes two inline scripts (date widgets, inline panels).
ADMIN_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

WAGTAIL_SITE_NAME = "Dépêche"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # French headlines would make %C3%A9 of every é
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no third-party request, from the admin either
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False  # who sets things up does not review
# With re-approval, the last word on a corrected comma would be that of a reviewer who may not publish.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAILUSERS_PASSWORD_REQUIRED = False  # colleagues choose their own, by a link we mail
# What browsers know: these two stop the script of the account page.
WAGTAIL_USER_TIME_ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
WAGTAILDOCS_EXTENSIONS = ["pdf"]  # nothing a browser would run
WAGTAILIMAGES_WEBP_QUALITY = 75
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "depeche.articles.uploads.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 24_000_000  # decoded, some 100 MB; a JPEG may have twice as many
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["bold", "italic", "link"]},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "depeche": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {
            "level": "CRITICAL"
        },  # anybody can cause it; it is answered with 400
        "huey": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
    },
}

SILENCED_SYSTEM_CHECKS = ["wagtailsearch.W001"]

env.seal()
