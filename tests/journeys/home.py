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
    made.two_spellings(world)
    hold_a_message(world)
    known = {name: {"key": world.key(name), "sighting": world.sighting_id(name)} for name in world.sightings}
    json.dump(known, sys.stdout)


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
