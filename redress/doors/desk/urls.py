"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from redress.doors.desk import (
    accounts,
    assessments,
    demands,
    grants,
    home,
    household_deeds,
    households,
    journal,
    runs,
)

urlpatterns = [
    path("", home.show_home, name="desk"),
    path("demands", demands.show_demands, name="demands"),
    path("demands/<int:number>", demands.show_demand, name="demand"),
    path("demands/<int:number>/files/<int:file>", demands.show_file, name="demand_file"),
    path("demands/<int:number>/<slug:action>", demands.act, name="demand_act"),
    path("households", households.show_households, name="households"),
    path("households/new", households.new_household, name="new_household"),
    path("households/<int:number>", households.show_household, name="household"),
    path("households/<int:number>/file", household_deeds.open_household_file, name="open_file"),
    path("households/<int:number>/grant", household_deeds.propose, name="propose_grant"),
    path("households/<int:number>/exit", household_deeds.leave, name="exit_file"),
    path("households/<int:number>/assess", assessments.assess, name="assess"),
    path("households/<int:number>/facts/<slug:pack>", assessments.show_facts, name="scheme_facts"),
    path("assessments/<int:number>", assessments.show_assessment, name="assessment"),
    path("runs", runs.show_runs, name="runs"),
    path("runs/new", runs.ask_run, name="ask_run"),
    path("runs/<int:number>", runs.show_run, name="run"),
    path("what-if/<slug:pack>", runs.show_what_if, name="what_if"),
    path("grants", grants.show_grants, name="grants"),
    path("grants/<int:number>/<slug:action>", grants.decide, name="decide_grant"),
    path("journal", journal.show_journal, name="journal"),
    path("accounts", accounts.show_accounts, name="accounts"),
    path("accounts/new", accounts.new_account, name="new_account"),
    path("accounts/<int:number>/reset", accounts.reset_account, name="reset_account"),
    path("accounts/<int:number>/end", accounts.end_account, name="end_account"),
]
