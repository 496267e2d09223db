"""All addresses."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("redress.doors.worker.urls")),
    path("desk/", include("redress.doors.desk.urls")),
    path("account/", include("redress.doors.desk.account_urls")),
]
handler400 = "redress.doors.look.refusals.bad_request"
handler403 = "redress.doors.look.refusals.not_allowed"
handler404 = "redress.doors.look.refusals.not_found"
handler500 = "redress.doors.look.refusals.broken"
