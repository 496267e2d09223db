"""Fill django-helpdesk with the texts beside it, and print a session; runs in .venv/peer."""

from __future__ import annotations

import django

django.setup()

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from helpdesk.models import Queue, Ticket

call_command("migrate", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("SELECT DISTINCT path FROM texts ORDER BY path")
    paths = [path for (path,) in cursor.fetchall()]
for place, path in enumerate(paths):
    Queue.objects.create(title=path, slug=f"q{place}")
sample = Ticket(title="x", queue_id=1)
wanted = {field.column: field for field in Ticket._meta.concrete_fields if not field.primary_key}
fixed = {
    column: field.get_db_prep_save(field.get_default(), connection)
    for column, field in wanted.items()
}
own = {
    "title": "t.title",
    "description": "t.body",
    "created": "t.at",
    "modified": "t.at",
    "status": "1 + t.id % 2",
    "queue_id": "q.id",
    "due_date": "now() - make_interval(days => (t.id * 7919 % 900)::int)",
    "on_hold": "false",
    "priority": "3",
}
columns = list(wanted)
values = [own[c].replace("%", "%%") if c in own else "%s" for c in columns]
given = [fixed[column] for column in columns if column not in own]
names = ", ".join(f'"{column}"' for column in columns)
with connection.cursor() as cursor:
    cursor.execute(
        f"INSERT INTO helpdesk_ticket ({names}) SELECT {', '.join(values)}"
        " FROM texts t JOIN helpdesk_queue q ON q.title = t.path",
        given,
    )
    cursor.execute("VACUUM ANALYZE")
user = get_user_model().objects.create_superuser("officer", "o@example.org", "bench")
session = SessionStore()
session["_auth_user_id"] = str(user.pk)
session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
session["_auth_user_hash"] = user.get_session_auth_hash()
session.save()
print(session.session_key)
