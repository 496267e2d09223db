"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from redress.doors.desk import accounts, demands, grants, home, households, journal

urlpatterns = [
    path("", home.show_home, name="desk"),
    path("demands", demands.show_demands, name="demands"),
    path("demands/<int:number>", demands.show_demand, name="demand"),
    path("demands/<int:number>/files/<int:file>", demands.show_file, name="demand_file"),
    path("demands/<int:number>/<slug:action>", demands.act, name="demand_act"),
    path("households", households.show_households, name="households"),
    path("households/new", households.new_household, name="new_household"),
    path("households/<int:number>", households.show_household, name="household"),
    path("households/<int:number>/file", households.open_household_file, name="open_file"),
    path("households/<int:number>/grant", households.propose, name="propose_grant"),
    path("households/<int:number>/exit", households.leave, name="exit_file"),
    path("grants", grants.show_grants, name="grants"),
    path("grants/<int:number>/<slug:action>", grants.decide, name="decide_grant"),
    path("journal", journal.show_journal, name="journal"),
    path("accounts", accounts.show_accounts, name="accounts"),
    path("accounts/new", accounts.new_account, name="new_account"),
    path("accounts/<int:number>/reset", accounts.reset_account, name="reset_account"),
    path("accounts/<int:number>/end", accounts.end_account, name="end_account"),
]
