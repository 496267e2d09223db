"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path, re_path

from redress.doors.worker import front, hearing, receipt

urlpatterns = [
    path("", front.show_front, name="front"),
    re_path(r"^(?P<language>en|fa|zh-hans)/$", front.show_front_in, name="front_in"),
    path("demands/new", hearing.show_form, name="new_demand"),
    path("receipt", receipt.show_receipt, name="receipt"),
]
