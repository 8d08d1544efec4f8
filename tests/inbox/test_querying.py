"""A hospital's view is asked, read-only; its answer is a list; what is wrong with it is told in clear words."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

from openfls.clinical.facts import FractureSighting
from openfls.feeds.csv.mappings import packaged
from openfls.feeds.reading import Unreadable
from openfls.inbox import lookouts
from openfls.inbox.currency import data_as_of
from openfls.inbox.models import Lookout, Message, State, Trouble
from openfls.inbox.querying import asking, schedule
from openfls.inbox.querying import run as running
from openfls.inbox.querying.answers import listed
from openfls.inbox.querying.asking import Answer, CannotAsk, ask
from openfls.inbox.querying.declared import Query, queries_in, query_in
from openfls.inbox.querying.run import Ran, run
from openfls.inbox.querying.schedule import keep_asking
from openfls.inbox.replay import prove
from openfls.inbox.work import Worker
from openfls.record.models import EpisodeRow, FactRow, Site, Trust
from tests import postgres

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"])

SITE = "X1A01"
VIEW = "SELECT * FROM trauma_list"
COLUMNS = ("changed_at", "referral", "hosp_no", "surname", "dob", "injured", "diagnosis", "side")
HEADERS = dict(
    zip(COLUMNS, ("Meeting Date", "Referral ID", "Hosp No", "Surname", "DOB", "Injury Date", "Diagnosis", "Side"),
        strict=True)
)  # fmt: skip
AT = datetime(2026, 3, 20, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sites():
    Site.objects.create(code=SITE, name="One", trust=Trust.objects.create(code="X1A", name="Trust"))


def row(n: int, diagnosis: str = "# NOF", changed: str = "2026-03-12 08:00:00") -> tuple:
    return (changed, f"T{n}", f"H{n}", f"SMITH{n}", "1940-02-01", "2026-03-11", diagnosis, "L")


class Hospital:
    """A database with a view, as a hospital has one."""

    def __init__(self, url: str, execute) -> None:
        self.url, self._execute = url, execute

    def has(self, *rows: tuple) -> None:
        self._execute("DELETE FROM trauma", ())
        for one in rows:
            self._execute(f"INSERT INTO trauma VALUES ({', '.join([self.mark] * len(one))})", one)

    def does(self, statement: str) -> None:
        self._execute(statement, ())

    mark = "?"


MAKE = (
    "CREATE TABLE trauma (changed_at {time}, referral text, hosp_no text, surname text, dob date, injured date,"
    " diagnosis text, side text)",
    "CREATE VIEW trauma_list AS SELECT * FROM trauma",
)


@pytest.fixture
def of_sqlite(tmp_path):
    path = tmp_path / "hospital.sqlite3"

    def execute(statement: str, values: tuple) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement, values)

    hospital = Hospital(f"sqlite:///{path}", execute)
    for statement in MAKE:
        hospital.does(statement.format(time="text"))
    return hospital


@pytest.fixture(scope="session")
def server():
    with postgres.server() as url:
        yield url


@pytest.fixture
def of_postgresql(server):
    psycopg = pytest.importorskip("psycopg")

    def execute(statement: str, values: tuple) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement, values or None)

    hospital = Hospital(server, execute)
    hospital.mark = "%s"
    hospital.does("DROP TABLE IF EXISTS trauma CASCADE")
    for statement in MAKE:
        hospital.does(statement.format(time="timestamp"))
    return hospital


@pytest.fixture(params=["sqlite", "postgresql"])
def hospital(request):
    return request.getfixturevalue(f"of_{request.param}")


@pytest.fixture
def asked(hospital, tmp_path):
    """``asked(query=…)`` declares a query of the hospital."""
    return declaring(hospital.url, tmp_path)


def declaring(url: str, tmp_path: Path):
    secret = tmp_path / "url"
    secret.write_text(url + "\n")

    def declare(**told) -> Query:
        said = {
            "source": "X1A/trauma-view", "site": SITE, "mapping": "trauma_meeting", "query": VIEW, "columns": HEADERS,
            "url_file": str(secret),
        }  # fmt: skip
        path = tmp_path / "trauma_view.json"
        path.write_text(json.dumps({name: value for name, value in (said | told).items() if value is not None}))
        found = query_in(path)
        assert isinstance(found, Query), found
        return found

    return declare


SINCE = {"query": f"{VIEW} WHERE changed_at > :since", "watermark": "changed_at"}


def trouble(query: Query) -> str:
    ran = run(query)
    assert ran.trouble is not None
    return ran.trouble.reason


def test_an_answer_is_stored_as_a_list_and_read_by_its_mapping(asked, hospital):
    hospital.has(row(2), row(1))
    ran = run(asked(), at=AT)
    message = Message.objects.get()
    assert (ran.rows, ran.message, ran.trouble) == (2, message.number, None)
    assert bytes(message.content).decode().splitlines() == [
        "Meeting Date,Referral ID,Hosp No,Surname,DOB,Injury Date,Diagnosis,Side",
        *(f"{day} 08:00:00,T{n},H{n},SMITH{n},{born},{injured},# NOF,L" for n, day, born, injured in written(hospital)),
    ]
    assert (message.source, message.site, message.name) == ("X1A/trauma-view", SITE, "trauma_view.csv")
    Worker().work_off()
    message.refresh_from_db()
    assert (message.state, message.facts) == (State.DONE, 2)
    known = FactRow.objects.filter(kind=FractureSighting.kind).first().to_fact()
    assert (known.version, str(known.occurred)) == (datetime(2026, 3, 12, 8, tzinfo=UTC), "11 Mar 2026")


def written(hospital: Hospital):
    """Dates as SQLite holds them, as text; those of PostgreSQL as the mapping writes them."""
    if hospital.mark == "?":
        return [(n, "2026-03-12", "1940-02-01", "2026-03-11") for n in (1, 2)]
    return [(n, "12/03/2026", "01/02/1940", "11/03/2026") for n in (1, 2)]


def test_the_same_rows_in_another_order_are_stored_once(asked, hospital):
    hospital.has(row(1), row(2))
    assert run(asked()).message
    hospital.has(row(2), row(1))
    again = run(asked())
    assert (again.rows, again.message, Message.objects.count()) == (2, None, 1)


def test_rows_that_go_back_to_what_they_were_stand_above_what_they_were_in_between(asked, hospital):
    query = asked(columns={**HEADERS, "changed_at": "Time"})  # no column says when a row was changed
    for minutes, diagnosis in enumerate(("# NOF", "Colles #", "# NOF", "# NOF")):
        hospital.has(row(1, diagnosis))
        run(query, at=AT + timedelta(minutes=15 * minutes))
    assert Message.objects.count() == 3
    Worker().work_off()
    assert {message.state for message in Message.objects.all()} == {State.DONE}
    assert [episode.main_site for episode in EpisodeRow.objects.all()] == ["hip"]


def test_an_empty_answer_stores_nothing(asked, hospital):
    hospital.has()
    assert run(asked()) == Ran()
    assert Message.objects.count() == 0


def test_since_a_watermark_only_what_changed_is_asked_for(asked, hospital):
    query = asked(**SINCE, overlap_minutes=0)
    hospital.has(row(1, changed="2026-03-12 08:00:00"), row(2, changed="2026-03-12 09:30:00"))
    assert run(query).rows == 2
    assert run(query) == Ran()
    hospital.has(row(1), row(3, changed="2026-03-12 09:45:00"))
    assert run(query).rows == 1
    assert [b"SMITH3" in bytes(m.content) for m in Message.objects.order_by("number")] == [False, True]


def test_an_overlap_asks_again_for_rows_that_were_written_late(of_postgresql, tmp_path):
    query = declaring(of_postgresql.url, tmp_path)(**SINCE, overlap_minutes=30)
    of_postgresql.has(row(1, changed="2026-03-12 09:30:00"))
    run(query)
    of_postgresql.has(row(1, changed="2026-03-12 09:30:00"), row(2, changed="2026-03-12 09:10:00"))
    assert run(query).rows == 2
    assert run(query).message is None


def test_another_query_of_the_same_name_begins_anew(asked, hospital):
    hospital.has(row(1))
    run(asked(**SINCE))
    anew = asked(query=f"{VIEW} WHERE changed_at > :since AND side = 'L'", watermark="changed_at")
    assert run(anew).rows == 1


def test_a_watermark_is_kept_only_for_what_was_stored(asked, hospital, monkeypatch):
    query = asked(**SINCE)
    hospital.has(row(1))
    with monkeypatch.context() as patch:
        patch.setattr(running, "receive", failing)
        with pytest.raises(OperationalError):
            run(query)
    assert not Lookout.objects.exists()
    assert run(query).rows == 1


def failing(*_, **__):
    raise OperationalError("the disk is full")


WRITES = (
    "DELETE FROM trauma", "INSERT INTO trauma (surname) VALUES ('x')", "DROP VIEW trauma_list",
    "SELECT 1; DELETE FROM trauma", "WITH gone AS (DELETE FROM trauma RETURNING *) SELECT * FROM gone",
    "UPDATE trauma SET surname = 'x'",
)  # fmt: skip


@pytest.mark.parametrize("statement", WRITES)
def test_whatever_a_query_says_nothing_is_written(asked, hospital, statement):
    hospital.has(row(1))
    trouble(asked(query=statement, columns={}))
    assert run(asked()).rows == 1


def test_a_function_that_writes_is_refused_by_the_database(of_postgresql, tmp_path):
    of_postgresql.has(row(1))
    of_postgresql.does(
        "CREATE OR REPLACE FUNCTION sneak() RETURNS int LANGUAGE plpgsql AS "
        "$$ BEGIN DELETE FROM trauma; RETURN 1; END $$"
    )
    query = declaring(of_postgresql.url, tmp_path)(query="SELECT sneak()", columns={})
    assert "may only read" in trouble(query)
    settings = declaring(of_postgresql.url, tmp_path)(
        query="SELECT set_config('transaction_read_only', 'off', false), sneak()", columns={}
    )
    trouble(settings)
    assert run(declaring(of_postgresql.url, tmp_path)()).rows == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"query": "SELECT * FROM gone"}, "gone"),
        ({"query": "SELECT nothing FROM trauma_list"}, "nothing"),
        ({"query": "SELEC 1"}, "SELEC"),
        ({"columns": {"none": "Hosp No"}}, "no column none"),
        ({"query": "SELECT referral FROM trauma_list", "columns": {}}, "no column for"),
        ({"query": "SELECT surname, diagnosis, injured, injured AS doi FROM trauma_list",
          "columns": {"surname": "Surname", "diagnosis": "Diagnosis", "injured": "DOI", "doi": "Injury Date"}},
         "two columns of one meaning"),
        ({"most_rows": 1}, "more than 1 rows; none of them was stored"),
        ({"query": f"{VIEW} WHERE side = :side AND changed_at > :since", "watermark": "changed_at"}, "side"),
        ({"query": f"{VIEW} WHERE referral > :since", "watermark": "gone"}, "no column gone"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_query_is_said_on_the_page_feeds(asked, hospital, told, said):
    hospital.has(row(1), row(2))
    assert said in trouble(asked(**told))
    row_ = Trouble.objects.get()
    assert (row_.place, row_.site, said in row_.reason, bool(row_.mend)) == ("trauma_view", SITE, True, True)
    assert Message.objects.count() == 0
    run(asked())
    assert not Trouble.objects.exists()


def test_a_query_that_takes_too_long_is_ended(asked, hospital):
    slow = {"?": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"}
    query = asked(query=slow.get(hospital.mark, "SELECT pg_sleep(30)"), columns={}, timeout_seconds=1)
    assert "took too long" in trouble(query)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody:secret@127.0.0.1:9/x", "can't be reached"),
        ("mysql://h/x", "'mysql' are not asked"),
        ("nonsense", "no address of a database"),
        ("sqlite:////nowhere/x.sqlite3", "no SQLite file x.sqlite3"),
        ("", "is empty"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_its_password(tmp_path, url, said):
    reason = trouble(declaring(url, tmp_path)())
    assert said in reason
    assert "secret" not in str(Trouble.objects.get().__dict__)


def test_a_refused_password_is_said(of_postgresql, tmp_path):
    of_postgresql.does("DROP ROLE IF EXISTS guest")
    of_postgresql.does("CREATE ROLE guest LOGIN")
    of_postgresql.does("REVOKE ALL ON trauma FROM guest")
    socket = of_postgresql.url.partition("host=")[2]
    query = declaring(f"postgresql://guest@/postgres?host={socket}", tmp_path)()
    assert "may not read it" in trouble(query)
    other = declaring(f"postgresql://guest@/absent?host={socket}", tmp_path)()
    assert 'refuses the connection: database "absent" does not exist' in trouble(other)


def test_a_variable_that_is_not_set_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("TRAUMA_URL", raising=False)
    query = declaring("", tmp_path)(url_file=None, url_variable="TRAUMA_URL")
    assert "variable TRAUMA_URL is not set" in trouble(query)


def test_without_the_library_it_says_what_to_install(asked, monkeypatch):
    import builtins

    true = builtins.__import__

    def without(name, *words):
        if name == "sqlalchemy":
            raise ImportError(name)
        return true(name, *words)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "not installed" in trouble(asked())


def test_a_site_that_is_not_loaded_is_trouble_for_the_administrator(asked, hospital):
    hospital.has(row(1))
    assert "no site 'X9Z01'" in trouble(asked(site="X9Z01"))
    assert Trouble.objects.get().site == ""


def test_a_percent_sign_and_a_cast_are_no_parameters(of_postgresql, tmp_path):
    of_postgresql.has(row(1))
    query = declaring(of_postgresql.url, tmp_path)(
        query="SELECT changed_at::timestamp AS changed_at, referral, hosp_no, surname, dob, injured, diagnosis, side"
        " FROM trauma_list WHERE surname LIKE 'SMI%' AND changed_at > :since",
        watermark="changed_at",
    )
    assert run(query).rows == 1


# --- Values ---


def test_every_kind_of_value_is_written_as_a_list_writes_it():
    mapping = packaged().named("trauma_meeting")
    names = (
        "Meeting Date",
        "Surname",
        "Diagnosis",
        "Injury Date",
        "Referral ID",
        "Hosp No",
        "Side",
        "Ward",
        "Mechanism",
    )
    values = (
        datetime(2026, 7, 1, 12, 30, 5, 99, tzinfo=UTC), "=cmd()", "a\nb", date(2026, 6, 30), 7, Decimal("12.50"), None,
        True, UUID(int=1),
    )  # fmt: skip
    text = listed(Answer(names, [values]), plain_query(), mapping).decode()
    assert text.splitlines()[1:] == ["01/07/2026 13:30:05,'=cmd(),\"a", f'b",30/06/2026,7,12.50,,yes,{UUID(int=1)}']


def plain_query(**told) -> Query:
    return Query(name="q", source="X1A/q", site=SITE, mapping="trauma_meeting", query=VIEW, **told)


def test_a_value_that_is_no_text_is_refused_with_its_column():
    answer = Answer(("Surname", "Diagnosis", "Injury Date"), [("x", b"\x00", date(2026, 1, 1))])
    with pytest.raises(CannotAsk, match="column Diagnosis holds values of the kind bytes"):
        listed(answer, plain_query(), packaged().named("trauma_meeting"))


# --- Declarations ---


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("[]", "no JSON object"),
        ("{", "can't be used"),
        ({"url": "postgresql://u:p@h/d"}, "holds a password"),
        ({"source": None}, "doesn't say its source"),
        ({"evry": 1}, "says evry, which nothing reads"),
        ({"mapping": "none"}, "no mapping is called 'none'"),
        ({"finder": "nobody"}, "no finder is called 'nobody'"),
        ({"every_minutes": 0}, "whole number from 1"),
        ({"every_minutes": True}, "whole number from 1"),
        ({"most_rows": 10**9}, "whole number from 1"),
        ({"columns": {"a": 1}}, "should name headers"),
        ({"query": 7}, "words in quotes"),
        ({"watermark": "changed_at"}, "go together"),
        ({"query": f"{VIEW} WHERE x > :since"}, "go together"),
        ({"url_file": "/x"}, "either url_variable or url_file"),
        ({"url_variable": None}, "either url_variable or url_file"),
    ],
)  # fmt: skip
def test_a_declaration_that_cannot_be_is_refused_with_what_is_wrong(tmp_path, told, said):
    good = {"source": "X1A/q", "site": SITE, "mapping": "trauma_meeting", "query": VIEW, "url_variable": "U"}
    path = tmp_path / "q.json"
    text = told if isinstance(told, str) else json.dumps({n: v for n, v in (good | told).items() if v is not None})
    path.write_text(text)
    found = query_in(path)
    assert isinstance(found, Unreadable)
    assert said in found.reason


def test_a_folder_gives_its_queries_and_tells_of_the_others(tmp_path):
    good = {"source": "X1A/q", "site": SITE, "mapping": "trauma_meeting", "query": f"{VIEW};", "url_variable": "U"}
    (tmp_path / "a.json").write_text(json.dumps(good))
    (tmp_path / "b.json").write_text("{")
    (tmp_path / ".hidden.json").write_text("{")
    query, broken = queries_in([tmp_path])
    assert (query.name, query.query, query.every) == ("a", VIEW, timedelta(minutes=15))
    assert isinstance(broken, Unreadable)
    with pytest.raises(FileNotFoundError):
        queries_in([tmp_path / "none"])


def test_since_in_a_cast_or_an_escape_is_no_parameter():
    from openfls.inbox.querying.declared import SINCE as pattern

    assert not pattern.search(r"SELECT x::since, '\:since', a:since, :since_when")
    assert pattern.search("WHERE x >:since AND y")


# --- The schedule, the alarms ---


def test_each_query_asks_in_its_own_time_and_one_that_hangs_holds_up_no_other(monkeypatch):
    asked_, stop, hang = [], threading.Event(), threading.Event()

    def ran(query):
        if query.name == "hangs":
            hang.wait(20)
        asked_.append(query.name)
        if asked_.count("quick") == 3:
            stop.set()
            hang.set()
        return Ran()

    monkeypatch.setattr(schedule, "run", ran)
    monkeypatch.setattr(schedule, "_until_due", lambda *_: 0.0)
    monkeypatch.setattr(Query, "every", timedelta(seconds=0.01))
    queries = [Query(name=name, source="s", site=SITE, mapping="m", query="q") for name in ("hangs", "quick", "fails")]
    keep_asking(queries[:2], stop, lambda *_: None)
    assert asked_[:3] == ["quick"] * 3
    assert asked_[-1] == "hangs"


def test_a_failure_that_nobody_foresaw_ends_no_query(monkeypatch):
    stop, times = threading.Event(), []

    def ran(_):
        times.append(1)
        if len(times) == 3:
            stop.set()
        raise [RuntimeError("?"), OperationalError("gone"), OSError("full")][len(times) - 1]

    monkeypatch.setattr(schedule, "run", ran)
    monkeypatch.setattr(schedule, "AFTER_AN_OUTAGE", 0.01)
    monkeypatch.setattr(schedule, "_until_due", lambda *_: 0.0)
    monkeypatch.setattr(Query, "every", timedelta(seconds=0.01))
    keep_asking([plain_query()], stop, lambda *_: None)
    assert len(times) == 3


def test_a_restart_asks_nobody_sooner_than_its_time_except_where_something_was_wrong():
    query = plain_query()
    assert schedule._until_due(query, AT) == 0
    lookouts.looked(lookouts.QUERY, "q", every=900, troubles=[], at=AT)
    assert schedule._until_due(query, AT + timedelta(minutes=5)) == 600
    assert schedule._until_due(query, AT + timedelta(minutes=50)) == 0
    lookouts.looked(lookouts.QUERY, "q", every=900, troubles=[lookouts.Troubled("q", "r", "m")], at=AT)
    assert schedule._until_due(query, AT + timedelta(minutes=5)) == 0


def test_a_view_that_no_longer_changes_is_a_silent_feed_and_a_query_that_is_no_longer_asked_has_stopped(
    of_sqlite, tmp_path
):
    """F14 for queries: hour by hour of weekdays the view changes; then it stands still."""
    query = declaring(of_sqlite.url, tmp_path)(every_minutes=60)
    monday = datetime(2026, 1, 5, 9, tzinfo=UTC)
    hours = [monday + timedelta(days=d, hours=h) for d in range(5 * 7 - 2) if d % 7 < 5 for h in range(8)]
    for number, hour in enumerate(hours):
        of_sqlite.has(row(number))
        run(query, at=hour)
    assert Message.objects.count() == len(hours)
    last = hours[-1]  # a Friday, 16:00
    silent = {ahead: data_as_of([SITE], now=last + timedelta(hours=ahead))[0].silent for ahead in (1, 60, 68, 69)}
    assert silent == {1: False, 60: False, 68: False, 69: True}
    assert lookouts.in_trouble([SITE], now=last + timedelta(hours=2)) == (0, 0)
    assert lookouts.in_trouble([SITE], now=last + timedelta(hours=4)) == (0, 1)


@pytest.mark.django_db(databases=["default", "inbox", "audit"], transaction=True)
def test_a_replay_of_answers_gives_the_same(of_sqlite, tmp_path):
    query = declaring(of_sqlite.url, tmp_path)()
    for diagnosis in ("# NOF", "Colles #", "# NOF"):
        of_sqlite.has(row(1, diagnosis), row(2))
        run(query)
    Worker().work_off()
    assert prove(timezone.localdate(), shuffle=1).different == []


def test_asking_reads_no_more_than_it_may(asked, hospital):
    hospital.has(*map(row, range(5)))
    assert len(ask(asked(most_rows=5)).rows) == 5
    assert asking.CONNECT_SECONDS < 60
