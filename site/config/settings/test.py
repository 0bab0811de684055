"""The test suite. The database is chosen by DATABASE_URL, as anywhere else."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES

SECRET_KEY = "test"  # noqa: S105
FIELD_KEYS = ["dGVzdHMtb25seS1maWVsZC1rZXktb2YtMzItYnl0ZXM="]
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": STORAGES["default"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SANDBOX = True
TELEGRAM_API_URL = "http://127.0.0.1:1/sandbox/telegram"
ZALO_API_URL = "http://127.0.0.1:1/sandbox/zalo/api"
ZALO_OAUTH_URL = "http://127.0.0.1:1/sandbox/zalo/oauth"
FACEBOOK_GRAPH_URL = "http://127.0.0.1:1/sandbox/facebook/v23.0"
OUTBOUND_ALLOW = ["127.0.0.0/8"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
