"""What nobody could read, planted so that quarantine has something to show: a few messages and rows, all counted."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from openfls.demo import hl7_messages as hl7
from openfls.demo.habits import Hospital, ListHabit
from openfls.demo.hospitals import trust_of
from openfls.demo.lists import Row, layout_of
from openfls.demo.sendings import Sending, pas
from openfls.demo.streams import stream
from openfls.demo.times import utc
from openfls.feeds.hl7v2.build import segment

WAYS = ("cut off", "nobody", "impossible date", "wrong letters")


def rows_of(seed: int, hospital: Hospital, habit: ListHabit, sent: Sequence[datetime]) -> dict[datetime, list[Row]]:
    """One row that can't be read, on one list of each finder that sends CSV: its date of birth is in no calendar."""
    if habit.form != "csv" or not sent:
        return {}
    leaves = stream(seed, hospital.code, habit.finder, "planted").choice(sent)
    return {leaves: [_row(habit)]}


def _row(habit: ListHabit) -> Row:
    nobody = {"full_name": "UNKNOWN, Female", "family_name": "UNKNOWN", "given_name": "Female"}
    told = nobody | {"birth_date": "31/02/1939"}
    return [told.get(what, "") for _, what in layout_of(habit)]


def messages(seed: int, hospital: Hospital, year: tuple[date, date]) -> Iterator[Sending]:
    """Four messages of each hospital's patient administration system, one in each way of going wrong."""
    chance = stream(seed, hospital.code, "planted")
    days = (year[1] - year[0]).days
    for number, way in enumerate(WAYS):
        day = year[0] + timedelta(days=chance.randint(0, days - 1))
        sent = datetime.combine(day, time(chance.randint(8, 18), chance.randint(0, 59)))
        message_id = f"Q{hospital.code}{number}"
        write = partial(_message, hospital=hospital, way=way, sent=sent, message_id=message_id)
        yield Sending(utc(sent), pas(hospital), message_id, write, way)


def _message(seed: int, *, hospital: Hospital, way: str, sent: datetime, message_id: str) -> bytes:
    trust = trust_of(hospital)
    segments = hl7.header("ADT", "A01", trust, message_id, sent)
    segments.append(hl7.event("A01", sent, sent))
    if way != "nobody":
        born = "19390231" if way == "impossible date" else "19390201"
        name = ["M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller", "Eva"]
        segments.append(segment("PID", {1: "1", 3: [f"Q{message_id[1:]}", "", "", trust.code, "MR"], 5: name, 7: born}))
    segments.append(segment("PV1", {1: "1", 2: "I", 3: ["MAU", "", "", hospital.code], 19: message_id}))
    written = hl7.content(segments, trust)
    match way:
        case "cut off":
            return written[:40]
        case "wrong letters":
            return written.decode().encode("cp1252")
    return written
