"""Addresses of signing in. Of django-allauth's pages only those that serve here are reachable."""

from __future__ import annotations

from allauth.account import views
from django.urls import include, path
from django.views.generic import RedirectView

# allauth's own templates and views ask for these names; nobody signs up or resets a password alone.
_closed = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("signup/", _closed, name="account_signup"),
    path("forgotten/", _closed, name="account_reset_password"),
    path("email/", _closed, name="account_email"),
    path("inactive/", _closed, name="account_inactive"),
    path("set-password/", _closed, name="account_set_password"),
    path("second-factor/", include("allauth.mfa.urls")),
]
