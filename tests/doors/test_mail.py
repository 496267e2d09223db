"""Reminders leave the house by mail, over a real mail server, and carry no word of a worker."""

from __future__ import annotations

import datetime as dt
import socket
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from redress.config.environment import MailServer, Unfit, read_environment
from redress.demands.escalate import climb_ladder
from redress.demands.models import Notice
from redress.demands.resolve import Reply, answer_demand
from redress.demands.route import route_demand
from redress.doors.clockwork import sending
from redress.doors.clockwork.channels import NotSent
from redress.doors.clockwork.sending import send_notices
from redress.registers.offices.models import Body, Office
from tests.conftest import NOON, Cast, hear, route, sort

LATE = NOON + dt.timedelta(days=60)
SECRET = "Maryam Ahmadi of hall three says: three months without pay."


class Sink:
    """Takes mail, or refuses it as a full server does."""

    def __init__(self):
        self.taken = []
        self.refuses = False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's own name
        if self.refuses:
            return "452 No room"
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mail(settings):
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.REDRESS_SMTP = MailServer("127.0.0.1", port, "", "", "")
    yield sink
    controller.stop()


@pytest.fixture
def a_late_demand(cast: Cast, whole):
    Body.objects.filter(pk=cast.labour_office.pk).update(email="labour@example.org")
    demand = route(cast, hear(cast, SECRET))
    climb_ladder(at=LATE)
    return demand


def test_a_body_gets_one_letter_with_all_its_reminders(mail, a_late_demand):
    sent = send_notices(at=LATE)

    assert [str(message["To"]) for message in mail.taken] == ["labour@example.org"]
    assert sent == Notice.objects.exclude(mailed_at=None).count() == 1


def test_a_letter_carries_numbers_and_days_and_no_word_of_the_worker(mail, a_late_demand):
    send_notices(at=LATE)

    letter = mail.taken[0]
    text = letter.as_string() + "".join(part.get_content() for part in letter.iter_parts())
    assert f"/desk/demands/{a_late_demand.pk}" in text
    assert not any(word in text for word in ("Maryam", "Ahmadi", "hall three", "without pay"))


def test_a_letter_to_a_body_in_iran_reads_from_right_to_left(mail, a_late_demand):
    send_notices(at=LATE)

    plain, page = [part.get_content() for part in mail.taken[0].iter_parts()]
    assert plain.startswith("\u200f")
    assert '<html lang="fa" dir="rtl">' in page


def test_a_reminder_is_sent_once(mail, a_late_demand):
    send_notices(at=LATE)

    assert send_notices(at=LATE) == 0
    assert len(mail.taken) == 1


def test_what_a_full_server_refuses_is_tried_again(mail, a_late_demand):
    mail.refuses = True
    refused = send_notices(at=LATE)
    mail.refuses = False

    assert (refused, send_notices(at=LATE)) == (0, 1)


def test_a_body_without_an_address_is_reminded_on_its_desk_alone(mail, cast: Cast, whole):
    route(cast, hear(cast))
    climb_ladder(at=LATE)

    assert send_notices(at=LATE) == 0
    assert Notice.objects.filter(body=cast.labour_office).exists()


def test_without_a_mail_server_nothing_is_tried(settings, a_late_demand):
    settings.REDRESS_SMTP = None

    assert send_notices(at=LATE) == 0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 25, "", "", "")),
        ("smtps://u:p%40@m.org", MailServer("m.org", 465, "u", "p@", "tls")),
        ("smtp://u:p@m.org:587", MailServer("m.org", 587, "u", "p", "starttls")),
    ],
)
def test_the_address_of_a_mail_server_is_read(written, read):
    assert read_environment({"REDRESS_SMTP": written}).smtp == read


@pytest.mark.parametrize("written", ["mail.example.org", "http://m.org", "smtp://", "smtp://m:x"])
def test_what_is_no_address_of_a_mail_server_is_refused(written):
    with pytest.raises(Unfit, match="REDRESS_SMTP"):
        read_environment({"REDRESS_SMTP": written})


def test_an_address_that_takes_nothing_keeps_no_other_waiting(
    mail, a_late_demand, cast: Cast, monkeypatch
):
    Body.objects.filter(pk=cast.social_security.pk).update(email="dead@example.org")
    other = sort(cast, hear(cast, receipt="1" * 64))
    route_demand(other, to=cast.social_security, by=cast.officer, at=NOON)
    climb_ladder(at=LATE)
    real = sending.channels()[0]
    monkeypatch.setattr(sending, "channels", lambda: [Fussy(real)])

    assert send_notices(at=LATE) == Notice.objects.exclude(mailed_at=None).count() > 0
    assert [str(message["To"]) for message in mail.taken] == ["labour@example.org"]


class Fussy:
    """A channel that one address never takes anything from."""

    def __init__(self, real):
        self.real = real

    def address_of(self, place):
        return self.real.address_of(place)

    def send(self, digest):
        if digest.to == "dead@example.org":
            raise NotSent("refused")
        self.real.send(digest)


def test_what_no_longer_holds_or_is_long_past_is_not_mailed(mail, a_late_demand, cast: Cast):
    assert send_notices(at=LATE + dt.timedelta(days=15)) == 0
    answer_demand(a_late_demand, reply=Reply("x"), by=cast.liaison, at=LATE)

    assert send_notices(at=LATE) == 0
    assert mail.taken == []


def test_a_letter_lists_some_and_tells_how_many_more(mail, a_late_demand, cast: Cast, monkeypatch):
    for number in (1, 2):
        route(cast, hear(cast, receipt=f"{number}" * 64))
    climb_ladder(at=LATE)
    monkeypatch.setattr(sending, "LINES_MAX", 1)

    sent = send_notices(at=LATE)

    plain = next(mail.taken[0].iter_parts()).get_content()
    assert plain.count("/desk/demands/") == 1
    assert sent == Notice.objects.exclude(mailed_at=None).count() == 3


def test_an_office_without_an_address_has_the_nearest_above_it(mail, cast: Cast, whole):
    Office.objects.filter(path="ir.sp.").update(email="province@example.org")
    hear(cast)
    climb_ladder(at=LATE)

    send_notices(at=LATE)

    assert {str(message["To"]) for message in mail.taken} == {"province@example.org"}
