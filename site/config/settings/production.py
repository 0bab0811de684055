"""A real province. Whatever has no default must be in the environment."""

from config.env import address, env, keys
from config.settings.base import *  # noqa: F403

SECRET_KEY = env.str("SECRET_KEY")
FIELD_KEYS = keys("FIELD_KEYS")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
WAGTAILADMIN_BASE_URL = address("PUBLIC_URL")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[WAGTAILADMIN_BASE_URL])

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
# Neighbours under the same domain are not ours to decide about (W005, W021); Wagtail shows its
# previews in a frame of the same site (W019).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W019", "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
