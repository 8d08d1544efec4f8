"""Whatever senders do, in whatever order, however often the listener ends: the inbox holds what a simple model says.

The model: a message is kept once for each (id, bytes) that was whole; a positive answer means that it is there.
"""

from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from openfls.feeds.hl7v2.mllp import framed
from tests.inbox import stores
from tests.inbox.listening import Line, adt, running

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"], transaction=True)

contents = st.one_of(
    st.builds(adt, st.sampled_from(["M1", "M2", "M3"]), st.sampled_from(["", "a", "b"])),
    st.builds(adt, st.just("M4"), st.just(""), st.sampled_from(["AL|NE", "NE|NE", "ER|ER", "NE|AL"])),
    st.sampled_from([b"", b"nonsense", b"MSH", b"PID|1\r", b"\x00\xff"]),
)
SILENT = (b"|NE|NE", b"|ER|ER")  # nobody wants to hear that all went well
LAST = adt("LAST")


class Senders(RuleBasedStateMachine):
    """``_sent``: what was ever whole on the wire; ``_kept``: of these, what must be there by now."""

    lines = Bundle("lines")

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        self._inbox = self._stack.enter_context(stores.on_sqlite(folder))
        self._sent: set[bytes] = set()
        self._kept: set[bytes] = set()
        self._unheard: dict[Line, list[bytes]] = {}  # of each open line, in order
        self._half: dict[Line, bytes] = {}  # of which only the first half was said
        self._start()

    def _start(self) -> None:
        self._listening = ExitStack()
        self._there = self._listening.enter_context(running(self._inbox.store))

    @rule(target=lines)
    def connect(self) -> Line:
        line = Line(self._there.port)
        self._unheard[line] = []
        return line

    @rule(line=lines, contents=st.lists(contents, min_size=1, max_size=5))
    def send(self, line: Line, contents: list[bytes]) -> None:
        if line in self._unheard:
            self._say(line, contents)

    @rule(line=lines, content=contents)
    def begin(self, line: Line, content: bytes) -> None:
        """Half a frame; the rest comes later or never."""
        if line in self._unheard and line not in self._half:
            line.raw(framed(content)[: len(framed(content)) // 2])
            self._half[line] = content

    @rule(line=lines)
    def hear(self, line: Line) -> None:
        if line in self._unheard:
            self._hear(line)

    @rule(line=consumes(lines))
    def leave(self, line: Line) -> None:
        """Perhaps amid a frame, of which nothing may then be kept."""
        if line in self._unheard:
            self._hear(line)
            self._close(line)

    @rule()
    def stop_and_start(self) -> None:
        for line in list(self._unheard):
            self._hear(line)
            self._close(line)
        assert self._there.stop()
        self._listening.close()
        self._inbox.store = self._inbox.open_store()
        self._start()

    @invariant()
    def nothing_is_made_up_or_lost_or_there_twice(self) -> None:
        there = self._inbox.contents()
        assert self._kept <= set(there) <= self._sent
        assert len(there) == len(set(there))

    def teardown(self) -> None:
        for line in list(self._unheard):
            self._say(line, [LAST])
            self._hear(line)
            self._close(line)
        self.nothing_is_made_up_or_lost_or_there_twice()
        self._check_rows()
        self._listening.close()
        self._stack.close()

    def _check_rows(self) -> None:
        rows = self._inbox.rows()
        assert [row["digest"] for row in rows] == [sha256(bytes(row["content"])).hexdigest() for row in rows]
        seen: set[str] = set()
        for row in rows:
            assert bool(row["flagged"]) == (row["message_id"] in seen), row["message_id"]
            seen.add(row["message_id"])

    def _say(self, line: Line, contents: list[bytes]) -> None:
        """First the rest of what was begun."""
        begun = self._half.pop(line, None)
        rest = framed(begun)[len(framed(begun)) // 2 :] if begun is not None else b""
        whole = ([begun] if begun is not None else []) + contents
        self._sent |= set(whole)
        self._unheard[line] += whole
        line.raw(rest + b"".join(map(framed, contents)))

    def _hear(self, line: Line) -> None:
        unheard = self._unheard[line]
        asking = [content for content in unheard if not any(mode in content for mode in SILENT)]
        answers = line.hear(len(asking))
        assert len(answers) == len(asking)
        for content, answer in zip(asking, answers, strict=True):
            readable = content.startswith(b"MSH|")
            assert (answer.positive, answer.message_id) == (readable, content.split(b"|")[9] if readable else b"")
        if asking:  # answers come in order: what was sent before the last of them is kept
            last = len(unheard) - unheard[::-1].index(asking[-1])
            self._kept |= set(unheard[:last])
            del unheard[:last]

    def _close(self, line: Line) -> None:
        line.socket.close()
        self._unheard.pop(line)
        self._half.pop(line, None)


@pytest.mark.skipif(
    "config.getoption('postgres')", reason="each example needs an empty inbox: SQLite makes one quickly"
)
def test_the_listener_keeps_what_the_model_says(request):
    examples = 400 if request.config.getoption("soak") else 15
    checks = list(HealthCheck)
    run_state_machine_as_test(
        Senders,
        settings=settings(max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=checks),
    )
