"""Django's settings, all derived from the checked environment."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from csp.constants import NONE, SELF

from redress.config.database import application_address, owner_address
from redress.config.environment import read_environment
from redress.config.secret_files import read_or_make_secret, write_secret
from redress.formats.receipt_keys import public_key, write_public_key
from redress.registers.sealing import read_seal_keys

_ENVIRONMENT = read_environment()
_PACKAGE = Path(__file__).resolve().parent.parent


def _publish(public: bytes, path: Path) -> None:
    """Lay a public key beside the secret one, for everybody to read, unless it lies there."""
    if path.exists():
        return
    mine = path.with_name(f"{path.name}.{os.getpid()}.mine")
    write_secret(mine, write_public_key(public))
    mine.chmod(0o644)
    with contextlib.suppress(FileExistsError):  # another process was a moment faster
        path.hardlink_to(mine)
    mine.unlink()


REDRESS_KEYS = _ENVIRONMENT.home / "keys"
SECRET_KEY = read_or_make_secret(_ENVIRONMENT.home, "session-signing")
read_or_make_secret(_ENVIRONMENT.home, "identity-seal")
REDRESS_SEAL_KEYS = read_seal_keys(REDRESS_KEYS)  # at the start; see sealing for those made since
REDRESS_FINGERPRINT_KEY = bytes.fromhex(read_or_make_secret(_ENVIRONMENT.home, "fingerprints"))
REDRESS_RECEIPT_KEY = bytes.fromhex(read_or_make_secret(_ENVIRONMENT.home, "receipt-signing"))
_publish(public_key(REDRESS_RECEIPT_KEY), REDRESS_KEYS / "receipt-signing.pub")

REDRESS_SCHEMES = _ENVIRONMENT.schemes
REDRESS_COMPILED = _ENVIRONMENT.home / "compiled"
REDRESS_WAREHOUSE = _ENVIRONMENT.home / "warehouse"

REDRESS_ADDRESS = _ENVIRONMENT.address
REDRESS_SMTP = _ENVIRONMENT.smtp
DEFAULT_FROM_EMAIL = _ENVIRONMENT.mail_from
if REDRESS_SMTP is not None:
    EMAIL_HOST, EMAIL_PORT = REDRESS_SMTP.host, REDRESS_SMTP.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = REDRESS_SMTP.user, REDRESS_SMTP.password
    EMAIL_USE_TLS = REDRESS_SMTP.tls == "starttls"
    EMAIL_USE_SSL = REDRESS_SMTP.tls == "tls"

DEBUG = False
ALLOWED_HOSTS = list(_ENVIRONMENT.hosts)
ROOT_URLCONF = "redress.config.urls"
WSGI_APPLICATION = "redress.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "redress.doors.look",
    "redress.doors.worker",
    "redress.doors.desk",
    "redress.doors.clockwork",
    "redress.registers.offices",
    "redress.registers.accounts",
    "redress.registers.journal",
    "redress.registers.limits",
    "redress.registers.ledger",
    "redress.registers.registry",
    "redress.demands",
    "redress.relief",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "redress.doors.health.HealthMiddleware",
    "redress.doors.limits.RefuseUnfitRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "redress.doors.acting.ActingMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "redress.doors.look.context.page",
            ],
            "builtins": ["redress.doors.look.templatetags.look"],
        },
    }
]

# The application's role owns no table, so row-level security holds for all it asks. The owner
# migrates and nothing else.
DATABASES = {
    "default": {**application_address(_ENVIRONMENT).django(), "CONN_MAX_AGE": 0},
    "owner": owner_address(_ENVIRONMENT).django(),
}
DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 10, "timeout": 10}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "redress_cache",
        # Counts of tries: so many that nobody pushes another's out by trying from many addresses.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "redress.registers.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "redress.doors.desk.account_forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Per address, and per user name from one network: who fails in one other network keeps nobody out. From
# all networks together a name is tried at most so often; that is no guard for a password from a list,
# which is why passwords are checked when they are set, and wide roles have a second factor.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "login_of_name": "100/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "redress.registers.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Redress"
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "redress_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "redress.doors.look.refusals.forged_form"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _ENVIRONMENT.https:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _ENVIRONMENT.hosts]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [str(_PACKAGE / "locale")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = _ENVIRONMENT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 60 * 60

# Ids and counts only: what people wrote or gave never reaches a log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
