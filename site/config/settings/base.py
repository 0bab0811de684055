"""What holds everywhere. ``dev``, ``test`` and ``production`` say what differs."""

import os

import django_stubs_ext
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _
from environs import EnvError

from config import databases, engines
from config.env import BASE_DIR, VAR_DIR, address, choice, count, env, keys, number, targets
from core import logs

django_stubs_ext.monkeypatch()
# python-telegram-bot otherwise warns on every read of RetryAfter.retry_after.
os.environ.setdefault("PTB_TIMEDELTA", "1")

DEBUG = False
SITE_NAME = "Nhịp Cầu"

# Sentence by sentence: where we are, what we use, how we speak, what we keep, what we allow.
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organisations.User"

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "editorial",
    "ingest",
    "portal",
    "campaigns",
    "channels",
    "media",
    "organisations",
    "core",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "config.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "core.middleware.RequestId",  # first: whatever is logged carries it
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.AdminContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.NormaliseInput",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "portal.gates.PostedConsent",
    "core.middleware.AtomicAdmin",  # last: the others see the request first
]

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
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# Databases
DATABASES = {
    "default": databases.tuned(
        env.dj_db_url(
            "DATABASE_URL", default=f"sqlite:///{VAR_DIR}/nhipcau.sqlite3", conn_max_age=60
        )
    )
}
ENGINE = engines.chosen(DATABASES["default"]["ENGINE"])
INSTALLED_APPS += engines.apps(DATABASES["default"]["ENGINE"])
TASKS = {"default": {"BACKEND": engines.TASKS[ENGINE]}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["config.pool.jobs"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "core.search", "SEARCH_CONFIG": "simple"}}

# Language and time
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
# What Wagtail and Django say, where their own Vietnamese lacks it or says it otherwise.
LOCALE_PATHS = sorted((BASE_DIR / "site" / "config" / "locale").glob("*"))
FORMAT_MODULE_PATH = ["config.formats"]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = [("vi", "Tiếng Việt")]
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # one office, one time; nobody chooses another

# Passwords and sessions
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "wagtailadmin_login"
WAGTAILADMIN_USER_LOGIN_FORM = "organisations.login.ThrottledLoginForm"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows previews in a frame
SECURE_REFERRER_POLICY = "same-origin"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/uploads/"
MEDIA_ROOT = VAR_DIR / "uploads"
PRIVATE_ROOT = VAR_DIR / "private"  # evidence: no proxy serves it, a view asks who reads
STORAGES = {
    "default": {"BACKEND": "core.storage.Uploads"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long article has many blocks
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o644

# Wagtail
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = address("PUBLIC_URL", "http://127.0.0.1:8000")
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.PictureForm"
WAGTAILDOCS_DOCUMENT_MODEL = "media.Attachment"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media.forms.AttachmentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 100 * 1024 * 1024  # a short video of our own
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif", "avif"]
WAGTAILDOCS_EXTENSIONS = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "txt", "zip",
    "mp4", "webm", "mp3",
]  # fmt: skip
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAIL_MODERATION_ENABLED = True
TAGGIT_CASE_INSENSITIVE = True

# Content policy: strict on the portal; core.middleware.AdminContentPolicy relaxes the admin only.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
ADMIN_CONTENT_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}

# Plans
SLOT_DUE_SOON_DAYS = 7  # from how many days before its last one a slot is called "due soon"

# Channels
TELEGRAM_API_URL = address("TELEGRAM_API_URL", "https://api.telegram.org")
ZALO_API_URL = address("ZALO_API_URL", "https://openapi.zalo.me")
ZALO_OAUTH_URL = address("ZALO_OAUTH_URL", "https://oauth.zaloapp.com")
FACEBOOK_GRAPH_URL = address("FACEBOOK_GRAPH_URL", "https://graph.facebook.com/v23.0")
OUTBOUND_ALLOW = targets("OUTBOUND_ALLOW", [])  # hosts or networks, private ones included
DROP_ROOT = env.path("DROP_ROOT", default=VAR_DIR / "drop")  # folders of this machine for channels
# Encrypts channel secrets; several keys, newest first, while one replaces another.
FIELD_KEYS = keys("FIELD_KEYS", [])
DELIVERY_POLL_SECONDS = number("DELIVERY_POLL_SECONDS", 0.25)
DELIVERY_CONCURRENCY = count("DELIVERY_CONCURRENCY", 1000)
DELIVERY_TIMEOUT_SECONDS = count("DELIVERY_TIMEOUT_SECONDS", 45)  # one attempt in all
DELIVERY_LEASE_SECONDS = count("DELIVERY_LEASE_SECONDS", 75)
if DELIVERY_LEASE_SECONDS <= DELIVERY_TIMEOUT_SECONDS:
    raise EnvError("DELIVERY_LEASE_SECONDS must be longer than DELIVERY_TIMEOUT_SECONDS")
CLOCK_SECONDS = 2
WATCH_SECONDS = number("WATCH_SECONDS", 15)  # between two rounds of probes, trials and alarms
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # who brings it may read /metrics from afar
SANDBOX = False  # look-alikes of Telegram, Zalo and Facebook; never in production

# Checks before publishing
TONE_PLACEMENT = choice("TONE_PLACEMENT", "old", ["old", "new"])  # "hòa" or "hoà"
PUBLIC_PHONES: list[str] = env.list("PUBLIC_PHONES", default=[])  # hot lines texts may name

EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default=_BACKEND)
ANYMAIL = env.json("ANYMAIL", default={})  # settings of a mail provider, when EMAIL_BACKEND is one
# Without a mail server the letter, and with it the key to the account, would end in the log.
WAGTAIL_PASSWORD_RESET_ENABLED = ".console." not in EMAIL_BACKEND
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="nhipcau@localhost")

LOG_FORMAT = choice("LOG_FORMAT", "line", logs.FORMATS)
LOG_LEVEL = choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"])
LOGGING = logs.config(LOG_FORMAT, LOG_LEVEL)
