"""The demo and a developer's machine: ``make run``."""

from config.env import address, env, keys, targets
from config.settings.base import *  # noqa: F403

PORT = env.int("PORT", default=8000)
DEBUG = True
SECRET_KEY = "development-only-key-never-used-with-debug-off"  # noqa: S105
FIELD_KEYS = keys("FIELD_KEYS", ["ZGV2ZWxvcG1lbnQtb25seS1maWVsZC1rZXktMzJieXQ="])
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"]
WAGTAILADMIN_BASE_URL = address("PUBLIC_URL", f"http://127.0.0.1:{PORT}")

MIDDLEWARE = [*MIDDLEWARE, "core.middleware.FriendlyNotFound"]  # noqa: F405

SANDBOX = True
TELEGRAM_API_URL = address("TELEGRAM_API_URL", f"http://127.0.0.1:{PORT}/sandbox/telegram")
ZALO_API_URL = address("ZALO_API_URL", f"http://127.0.0.1:{PORT}/sandbox/zalo/api")
ZALO_OAUTH_URL = address("ZALO_OAUTH_URL", f"http://127.0.0.1:{PORT}/sandbox/zalo/oauth")
FACEBOOK_GRAPH_URL = address(
    "FACEBOOK_GRAPH_URL", f"http://127.0.0.1:{PORT}/sandbox/facebook/v23.0"
)
OUTBOUND_ALLOW = targets("OUTBOUND_ALLOW", ["127.0.0.0/8", "::1/128"])

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
