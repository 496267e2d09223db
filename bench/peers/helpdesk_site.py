"""django-helpdesk as its documentation sets it up, for bench/demands.py; runs in .venv/peer."""

from __future__ import annotations

import os

SECRET_KEY = "bench"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "helpdesk_urls"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.humanize",
    "rest_framework",
    "helpdesk",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
            ]
        },
    }
]
_SAID = dict(part.split("=", 1) for part in os.environ["HELPDESK_DATABASE"].split())
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _SAID["host"],
        "PORT": _SAID["port"],
        "NAME": _SAID["dbname"],
        "USER": _SAID["user"],
        "PASSWORD": _SAID["password"],
        "CONN_MAX_AGE": 600,
    }
}
HELPDESK_TEAMS_MODE_ENABLED = False


def application(environ, start_response):  # type: ignore[no-untyped-def]
    """Serve; made on the first request, after the settings are read."""
    global _application
    if _application is None:
        from django.core.wsgi import get_wsgi_application

        _application = get_wsgi_application()
    return _application(environ, start_response)


_application = None
