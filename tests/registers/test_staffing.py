from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from redress.registers.accounts.models import Post, User
from redress.registers.accounts.roles import NOBODY, NotAllowed, Role
from redress.registers.accounts.second_factor import has_set_up
from redress.registers.accounts.signed_in import actor_of
from redress.registers.journal.models import Entry
from redress.registers.offices.models import Office
from redress.registers.staffing import (
    NameTaken,
    NameUnfit,
    NewAccount,
    RoleDoesNotFit,
    end_post,
    open_account,
    posts,
    reset_sign_in,
)
from tests.conftest import DAY, NILKUH, NOON, Cast


def new(cast: Cast, *, role=Role.COUNTY_OFFICER, path=NILKUH, body=None, username="newcomer"):
    office = None if body else Office.objects.get(path=path)
    return NewAccount(username=username, full_name="New Comer", role=role, office=office, body=body)


def test_an_administrator_opens_an_account_whose_password_is_shown_once(cast: Cast, whole):
    user, password = open_account(new(cast), by=cast.admin, at=NOON)

    assert user.check_password(password)
    assert actor_of(user, at=NOON).path == NILKUH
    assert password not in str(Entry.objects.get(deed="account.opened").detail)


def test_only_an_administrator_opens_accounts_and_only_in_their_places(cast: Cast, whole):
    Office.objects.create(path="ir.xx.", kind="province", name_en="X", name_fa="X", name_zh="X")

    with pytest.raises(NotAllowed):
        open_account(new(cast), by=cast.officer, at=NOON)
    with pytest.raises(NotAllowed):
        open_account(new(cast, path="ir.xx."), by=cast.admin, at=NOON)


def test_two_accounts_never_share_a_user_name_whatever_its_case(cast: Cast, whole):
    with pytest.raises(NameTaken):
        open_account(new(cast, username="OFFICER"), by=cast.admin, at=NOON)


def test_a_liaison_needs_a_body(cast: Cast, whole):
    with pytest.raises(RoleDoesNotFit):
        open_account(new(cast, role=Role.BODY_LIAISON), by=cast.admin, at=NOON)


def test_an_ended_post_leaves_its_account_without_any_right(cast: Cast, whole):
    post = Post.objects.get(user__username="officer")

    end_post(post, by=cast.admin, at=NOON)

    user = User.objects.get(username="officer")
    assert actor_of(user, at=NOON) == NOBODY
    assert not user.is_active


def test_a_post_holds_from_its_first_to_its_last_day(cast: Cast):
    user = User.objects.get(username="officer")
    Post.objects.filter(user=user).update(since_on=DAY, until_on=DAY)

    assert actor_of(user, at=NOON).role is Role.COUNTY_OFFICER
    assert actor_of(user, at=NOON - dt.timedelta(days=1)) == NOBODY
    assert actor_of(user, at=NOON + dt.timedelta(days=1)) == NOBODY


def test_a_person_has_one_post_at_a_time(cast: Cast):
    with pytest.raises(IntegrityError, match="one_post_at_a_time"), transaction.atomic():
        Post.objects.create(
            user_id=cast.officer.user_id,
            role=Role.AUDITOR,
            office=Office.objects.get(path=NILKUH),
            since_on=DAY,
        )


def test_an_administrator_lists_posts_of_offices_and_bodies_below(cast: Cast):
    assert posts(seen_by=cast.admin).count() == 10  # the cast without its two workers


def test_a_user_name_is_stored_as_it_is_looked_up(cast: Cast, whole):
    user, password = open_account(new(cast, username="Ｍaryam"), by=cast.admin, at=NOON)  # noqa: RUF001

    assert user.username == "maryam"
    client = Client()
    signed = client.post("/account/login/", {"login": "Maryam", "password": password})
    assert signed.url == "/desk/"


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.COUNTY_OFFICER, "ir.sp."),
        (Role.GRASSROOTS_OFFICER, NILKUH),
        (Role.PROVINCIAL_OFFICER, NILKUH),
    ],
)
def test_a_role_is_held_at_an_office_of_its_own_width(cast: Cast, whole, role, path):
    with pytest.raises(RoleDoesNotFit):
        open_account(new(cast, role=role, path=path), by=cast.admin, at=NOON)


@pytest.mark.parametrize("username", ["a b", "a<b>", "", "a\x00b"])
def test_a_user_name_of_odd_characters_is_refused(cast: Cast, whole, username):
    with pytest.raises(NameUnfit):
        open_account(new(cast, username=username), by=cast.admin, at=NOON)


def test_who_forgot_the_password_or_lost_the_phone_gets_a_new_first_password(cast: Cast, whole):
    user = User.objects.get(username="province")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

    password = reset_sign_in(user.posts.get(), by=cast.admin, at=NOON)

    user.refresh_from_db()
    assert user.check_password(password)
    assert not has_set_up(user)
