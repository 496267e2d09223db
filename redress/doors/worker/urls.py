"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path, re_path

from redress.doors.worker import front, hearing, numbers, receipt, receipt_file, schemes

urlpatterns = [
    path("", front.show_front, name="front"),
    re_path(r"^(?P<language>en|fa|zh-hans)/$", front.show_front_in, name="front_in"),
    path("demands/new", hearing.show_form, name="new_demand"),
    path("rules", schemes.show_schemes, name="schemes"),
    path("rules/<slug:pack>", schemes.show_rule_book, name="rule_book"),
    path("rules/<slug:pack>/text", schemes.show_text, name="scheme_text"),
    path("check/<slug:pack>", schemes.show_check, name="check"),
    path("numbers", numbers.show_numbers, name="numbers_for_all"),
    path("numbers.csv", numbers.show_csv, name="numbers_csv"),
    path("numbers.json", numbers.show_json, name="numbers_json"),
    path("receipt", receipt.show_receipt, name="receipt"),
    path("receipt/key", receipt_file.show_key, name="receipt_key"),
]
