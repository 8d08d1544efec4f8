"""Over TLS only those who prove who they are may send, and only in their own name."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest
import trustme

from openfls.inbox.listener import listening
from openfls.inbox.listener.senders import Sender, Tls
from openfls.inbox.listener.sending import Hospital, NoAnswer, client_context
from tests.inbox.listening import adt, files_of, running

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"], transaction=True)


class Hospitals:
    """A listener's certificate, an authority that it trusts, and holders of certificates."""

    def __init__(self, folder) -> None:
        self.folder, self._trusted, self._other = folder, trustme.CA(), trustme.CA()
        self._ours = trustme.CA()
        self._ours.cert_pem.write_to_path(str(folder / "ours-ca.pem"))
        self._trusted.cert_pem.write_to_path(str(folder / "clients.pem"))
        certificate, key = files_of(folder, self._ours.issue_cert("127.0.0.1"), "ours")
        self.tls = Tls(certificate, key, folder / "clients.pem")

    def of(self, name: str, *, trusted: bool = True) -> tuple:
        authority = self._trusted if trusted else self._other
        return files_of(self.folder, authority.issue_cert(name, common_name=f"{name} (common)"), name)

    def context(self, *holder) -> ssl.SSLContext:
        certificate, key = holder or (None, None)
        return client_context(self.folder / "ours-ca.pem", certificate, key)

    def hospital(self, port: int, *holder) -> Hospital:
        return Hospital("127.0.0.1", port, tls=self.context(*holder), timeout=5)


@contextmanager
def heard(hospitals: Hospitals, inbox, **limits) -> Iterator[Hospital]:
    """A hospital that proves its name to a listener that asks for it."""
    holder = hospitals.of("pas.example")
    with running(inbox.store, tls=hospitals.tls, **limits) as there, hospitals.hospital(there.port, *holder) as one:
        yield one


def plain(port: int) -> Hospital:
    return Hospital("127.0.0.1", port, timeout=5)


@pytest.fixture
def hospitals(tmp_path) -> Hospitals:
    return Hospitals(tmp_path)


def test_who_proves_its_name_is_heard(hospitals, inbox):
    with heard(hospitals, inbox) as hospital:
        assert [hospital.send(adt(f"M{n}")).code for n in range(3)] == ["AA"] * 3
    assert len(inbox.rows()) == 3


@pytest.mark.parametrize("who", ["nobody", "somebody else's"])
def test_who_proves_nothing_is_not(hospitals, inbox, who):
    holder = () if who == "nobody" else hospitals.of("pas.example", trusted=False)
    with running(inbox.store, tls=hospitals.tls) as there, hospitals.hospital(there.port, *holder) as hospital:
        with pytest.raises(NoAnswer):
            hospital.send(adt())
        with hospitals.hospital(there.port, *hospitals.of("pas.example")) as proved:
            assert proved.send(adt("M2")).positive
    assert inbox.contents() == [adt("M2")]


def test_who_speaks_plainly_is_not_heard(hospitals, inbox):
    with running(inbox.store, tls=hospitals.tls) as there, plain(there.port) as hospital, pytest.raises(NoAnswer):
        hospital.send(adt())
    assert inbox.rows() == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_old_version_of_tls_is_refused(hospitals, inbox):
    assert hospitals.tls.context().minimum_version is ssl.TLSVersion.TLSv1_2
    with running(inbox.store, tls=hospitals.tls) as there:
        context = hospitals.context(*hospitals.of("pas.example"))
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with Hospital("127.0.0.1", there.port, tls=context, timeout=5) as old, pytest.raises(NoAnswer):
            old.send(adt())


@pytest.mark.parametrize("named", ["pas.example", "PAS.example", "pas.example (common)", "fingerprint"])
def test_a_certificate_is_known_by_a_name_in_it_or_by_its_fingerprint(hospitals, inbox, named):
    holder = hospitals.of("pas.example")
    encoded = ssl.PEM_cert_to_DER_cert(holder[0].read_text())
    named = f"sha256:{sha256(encoded).hexdigest()}" if named == "fingerprint" else named
    with running(inbox.store, tls=hospitals.tls, senders=[Sender(certificate=named)]) as there:
        with hospitals.hospital(there.port, *holder) as hospital:
            assert hospital.send(adt()).positive
        with hospitals.hospital(there.port, *hospitals.of("ris.example")) as other, pytest.raises(NoAnswer):
            other.send(adt("M2"))
    assert inbox.contents() == [adt()]


def test_a_sender_speaks_in_its_own_name_only(hospitals, inbox):
    senders = [Sender("pas.example", "PAS", "X9A"), Sender("ris.example", "RIS")]
    with running(inbox.store, tls=hospitals.tls, senders=senders) as there:
        with hospitals.hospital(there.port, *hospitals.of("pas.example")) as hospital:
            assert hospital.send(adt("M1")).code == "AA"
            refused = hospital.send(adt("M2").replace(b"|PAS|", b"|RIS|"))
            assert (refused.code, refused.message_id) == ("AR", b"M2")
            assert "MSH-3 and MSH-4" in refused.words
            hidden = adt("M3") + adt("M4").replace(b"|X9A|", b"|X9B|")
            assert hospital.send(hidden).code == "AR"
        with hospitals.hospital(there.port, *hospitals.of("ris.example")) as hospital:
            assert hospital.send(adt("M5").replace(b"|PAS|", b"|RIS|")).code == "AA"
    assert [row["message_id"] for row in inbox.rows()] == ["M1", "M5"]


def test_where_nothing_is_proved_the_names_in_the_messages_are_asked_for_all_the_same(inbox):
    with running(inbox.store, senders=[Sender(application="PAS")]) as there, plain(there.port) as hospital:
        assert hospital.send(adt("M1")).code == "AA"
        assert hospital.send(adt("M2").replace(b"|PAS|", b"|RIS|")).code == "AR"


def test_who_never_finishes_the_handshake_is_closed_and_holds_up_nobody(hospitals, inbox, monkeypatch):
    monkeypatch.setattr(listening, "HANDSHAKE", 0.5)
    with heard(hospitals, inbox, connections=1) as hospital, socket.create_connection(hospital.to, 10) as silent:
        assert hospital.send(adt()).positive
        assert silent.recv(100) == b""


def test_a_large_message_and_many_answers_pass_through_tls(hospitals, inbox):
    with heard(hospitals, inbox) as hospital:
        assert hospital.send(adt("BIG", "x" * 4_000_000)).positive
        assert all(hospital.send(adt(f"M{n}")).positive for n in range(50))
    assert len(inbox.rows()) == 51
