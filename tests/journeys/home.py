"""Fills a folder with the made-up world, as a program of its own: ``python -m tests.journeys.home``, into OPENFLS_HOME.

Prints, as JSON, each patient's key and first sighting by given name.
"""

import json
import os
import sys

CROWD = 25
LIST = b"Operation Date,NHS No,DOB\r\n04/12/2025,9990000018,31/02/1939\r\n"
FAULT = {"place": "row 2, column DOB", "reason": "'31/02/1939' is no day.", "mend": "Write the date with a real day."}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfls.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0)
    from tests.pages import world as made

    made.staff()
    world = made.people(timezone.localdate())
    made.crowd(world, CROWD)
    report_by_radiology(world)
    made.two_spellings(world)
    hold_a_message(world)
    known = {name: {"key": world.key(name), "sighting": world.sighting_id(name)} for name in world.sightings}
    json.dump(known, sys.stdout)


CT = """Clinical details: breathless, ?PE
Findings: No pulmonary embolus. Mild emphysema.
Incidental note is made of a moderate wedge compression fracture of T12, not described before.
Conclusion: No PE."""
NORMAL = ("No fracture or dislocation.", "Normal chest.", "Old healed fracture of the left wrist.")


def report_by_radiology(world) -> None:
    """Reports as radiology sends them: one of a fracture found by chance, and last month's without any for triage."""
    from datetime import timedelta

    from openfls.inbox.receive import Incoming, receive
    from openfls.inbox.sampling import draw_due
    from openfls.inbox.work import Worker
    from tests.inbox.reports import report
    from tests.pages.world import HOME

    last_month = world.today.replace(day=1) - timedelta(days=4)
    long_ago = (world.today - last_month).days
    sent = [(900, CT, 2)] + [(901 + n, text, long_ago) for n, text in enumerate(NORMAL)]
    for number, text, days_ago in sent:
        content = report(number, text, f"{world.day(days_ago):%Y%m%d}", "CT chest" if text is CT else "XR")
        told = {"source": "X1A/ris", "site": HOME, "name": "report.hl7", "origin": {"site": HOME}}
        receive([Incoming(content=content, **told)], at=world.known(days_ago))
    Worker().work_off()
    draw_due(world.today)


def hold_a_message(world) -> None:
    """A list with a row that nobody could read."""
    from openfls.inbox.models import Message, State
    from openfls.inbox.receive import Incoming, receive
    from tests.pages.world import HOME

    incoming = Incoming(source="X1A/theatre", content=LIST, site=HOME, name="theatre.csv", message_id="1")
    (receipt,) = receive([incoming], at=world.known(3))
    held = {"state": State.QUARANTINED, "reason": "row 2: no day", "unreadable": [FAULT]}
    Message.objects.filter(number=receipt.number).update(**held)


if __name__ == "__main__":
    main()
