"""Input that is made to do harm: floods, bombs, nesting. Too large for a repository, so made when it is needed.

Each is told with what the reader should say: words of the first problem, or of a note, or that it is simply read.
"""

import gzip
import io
import os
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain

import openpyxl

from tests.feeds.dicom_reports import container, region, report, sample, words, written


@dataclass(frozen=True)
class Hostile:
    """``says``: words of the first problem; empty where it is read or ignored without one. ``facts``: how many."""

    name: str
    make: Callable[[], bytes]
    says: str = ""
    facts: int = 0


# --- HL7

PID = b"PID|1||H1^^^X9A^MR||SMITH^ANNE||19400201|F\r"
REPORT = b"OBR|1||R1|XR^XR hip||||||||||||||||||||RAD|F\rOBX|1|TX|R||%s||||||F\r"
CREATININE = b"OBX|1|NM|2160-0^Creatinine^LN||71|umol/L|||||F\r"
TABLETS = b"ORC|NW|P1\rRXE||^Alendronic acid 70mg tablets\r"
INJECTION = b"RXA|0|1|20260201||^Denosumab 60mg injection|60|mg\r"
LETTER = b"TXA|1|LT^Fracture clinic letter||||||||||D1|||||LA\r"


def hl7(kind: bytes, *segments: bytes) -> bytes:
    return b"MSH|^~\\&|PAS|X9A|F|X|20260301110000||%s|M1|P|2.4\r" % kind + b"".join(segments)


def oru(text: bytes) -> bytes:
    return hl7(b"ORU^R01", PID, REPORT % text)


def adt(*segments: bytes, pid: bytes = PID) -> bytes:
    return hl7(b"ADT^A01", pid, b"PV1|1|I|W1^^^X9A01|E|||||||||||||||V1\r", *segments)


HL7 = (
    Hostile("200000-repetitions.hl7", lambda: oru(b"a~" * 200_000)),
    Hostile("repeated-numbers.hl7", lambda: adt(pid=b"PID|1||" + b"H1^^^X9A^MR~" * 200_000 + b"\r"), "10000 rep"),
    Hostile("20000-segments.hl7", lambda: hl7(b"ORU^R01", PID, b"OBX|1\r" * 20_010), "are more than 20000"),
    Hostile(
        "19990-values.hl7",
        lambda: hl7(b"ORU^R01", PID, b"OBR|1|||X\r", CREATININE * 19_990), facts=19_990,
    ),
    Hostile(
        "19990-densities.hl7",
        lambda: hl7(b"ORU^R01", PID, REPORT % b"x", b"OBX|1|NM|T^T-score L1-L4||-2.5||||||F\r" * 19_980), facts=19_980,
    ),
    Hostile("10000-requests.hl7", lambda: hl7(b"ORM^O01", PID, b"ORC|NW|P1\rOBR|1|||DXA\r" * 9_990), facts=9_990),
    Hostile(
        "19990-unknown-codes.hl7",
        lambda: hl7(b"ORU^R01", PID, b"OBR|1|||X\r", *(b"OBX|1|NM|X%d||5|m||||F\r" % n for n in range(19_990))),
    ),
    Hostile(
        "1-mb-unit.hl7",
        lambda: hl7(b"ORU^R01", PID, b"OBR|1|||X\r", CREATININE.replace(b"umol/L", b"9**" * 300_000)), "is no unit",
    ),
    Hostile(
        "1-mb-value.hl7",
        lambda: hl7(b"ORU^R01", PID, b"OBR|1|||X\r", CREATININE.replace(b"|71|", b"|" + b"7" * 1_000_000 + b"|")),
        "is written",
    ),
    Hostile("9990-medicines.hl7", lambda: hl7(b"RDE^O11", PID, TABLETS * 9_990), facts=9_990),
    Hostile("9990-other-medicines.hl7", lambda: hl7(b"RDE^O11", PID, TABLETS.replace(b"Alendr", b"Tran") * 9_990)),
    Hostile("19980-doses.hl7", lambda: hl7(b"RAS^O17", PID, b"ORC|NW|P1\r", INJECTION * 19_980), facts=19_980),
    Hostile("8-mb-medicine.hl7", lambda: hl7(b"RDE^O11", PID, TABLETS.replace(b"70mg", b"a" * 7_900_000)), facts=1),
    Hostile("19000-diagnoses.hl7", lambda: adt(b"DG1|1||S72.0^# NOF^I10\r" * 19_000), "at most 500 are read"),
    Hostile("appointment-of-19990.hl7", lambda: hl7(b"SIU^S12", b"SCH||A1|||||||||^^^20260401\r", PID,
                                                    b"AIS|1||DXA\r" * 19_980), facts=1),
    Hostile("8-mb-name.hl7", lambda: adt(pid=b"PID|1||H1^^^X9A^MR||" + b"S" * 8_000_000 + b"^A\r"), facts=1),
    Hostile("9-mb-message.hl7", lambda: oru(b"x" * 9_000_000), "bytes are more than"),
    Hostile("4000000-components.hl7", lambda: adt(pid=b"PID|1||" + b"^" * 4_000_000 + b"\r"), "nothing tells who"),
    Hostile("500000-escapes.hl7", lambda: adt(pid=b"PID|1||H1^^^X9A^MR||" + b"\\X41\\" * 500_000 + b"^A\r"), facts=1),
    Hostile("20000-messages.hl7", lambda: hl7(b"ADT^A05") * 20_000),
    Hostile("20000-broken-messages.hl7", lambda: hl7(b"ADT^A01") * 20_000, "there is no PID segment"),
    Hostile("8-mb-letter.hl7",
            lambda: hl7(b"MDM^T02", PID, LETTER, b"OBX|1|TX|L||" + b"fracture of the hip. " * 390_000), facts=2),
    Hostile("8-mb-embedded.hl7", lambda: hl7(b"MDM^T02", PID, LETTER,
                                             b"OBX|1|ED|L||^TEXT^^Base64^" + b"QUFB" * 1_900_000), facts=1),
    Hostile("no-base64.hl7", lambda: hl7(b"MDM^T02", PID, LETTER, b"OBX|1|ED|L||^TEXT^^Base64^" + b"!" * 1_000_000),
            "not BASE64"),
)  # fmt: skip

# --- reports: text as it comes in an observation

REPORTS = (
    Hostile("denials.hl7", lambda: oru(b"no evidence of fracture no " * 250_000)),
    Hostile("11000-fractures.hl7", lambda: oru(b"fracture " * 11_000), facts=1),
    Hostile("99000-hashes.hl7", lambda: oru(b"#" * 99_000), facts=1),
    Hostile("99000-spaces.hl7", lambda: oru(b"no " + b" " * 99_000 + b"fracture")),
    Hostile("99000-commas.hl7", lambda: oru(b"fracture of the " + b"left, " * 16_000 + b"hip"), facts=1),
    Hostile("brackets.hl7", lambda: oru(b"(" * 50_000 + b"fracture" + b")" * 49_000), facts=1),
    Hostile("question-marks.hl7", lambda: oru(b"?" * 50_000 + b" fracture " + b"?" * 49_000), facts=1),
)

# --- FHIR

FHIR = (
    Hostile("200000-brackets.json", lambda: b"[" * 200_000, "depth limit"),
    Hostile("200000-objects.json", lambda: b'{"resourceType":"Patient","x":' * 200_000, "depth limit"),
    Hostile("5000-digits.json", lambda: b'{"resourceType":"Patient","id":' + b"9" * 5_000 + b"}", "infinity"),
    Hostile("1e999.json", lambda: b'{"resourceType":"Observation","x":1e999}', "infinity"),
    Hostile("nan.json", lambda: b'{"resourceType":"Observation","x":NaN}', "no JSON"),
    Hostile("gzip-bomb.json.gz", lambda: gzip.compress(b" " * 300_000_000), "unpacks to more than"),
    Hostile("gzip-in-gzip.json.gz", lambda: gzip.compress(gzip.compress(b" " * 50_000_000)), "no JSON"),
    Hostile("16-mb-id.json.gz", lambda: gzip.compress(b'{"resourceType":"Patient","id":"' + b"a" * 15_000_000 + b'"}'),
            facts=1),
    Hostile("50000-patients.ndjson", lambda: b'{"resourceType":"Patient"}\n' * 50_000, "no number and no id"),
    Hostile("50000-broken-lines.ndjson", lambda: b'{"resourceType":"Patient","id":"a"}\n' + b"{x\n" * 50_000,
            "no JSON", facts=1),
    Hostile("1000000-entries.json",
            lambda: b'{"resourceType":"Bundle","type":"batch","entry":[' + b"0," * 1_000_000 + b"0]}", "no object"),
    Hostile("6000000-values.json", lambda: b"[" + b"0," * 6_000_000 + b"0]", "5,000,000 values"),
    Hostile("100000-codings.json",
            lambda: b'{"resourceType":"Condition","subject":{"reference":"Patient/p"},"code":{"coding":['
            + b'{"code":"1"},' * 100_000 + b'{"code":"2"}]}}'),
    Hostile("100000-types.json", lambda: b'{"resourceType":"Bundle","type":"collection","entry":[' + b",".join(
        b'{"resource":{"resourceType":"T%d"}}' % n for n in range(100_000)) + b"]}", "no FHIR R4 resource"),
    Hostile("100000-keys.json", lambda: b'{"resourceType":"Patient",' + b",".join(
        b'"k%d" : 1' % n for n in range(100_000)) + b"}", "no number and no id"),
)  # fmt: skip

# --- lists

HEADERS = ["Meeting Date", "Hosp No", "NHS No", "Surname", "DOB", "Injury Date", "Diagnosis"]
CSV_HEADERS = ",".join(HEADERS).encode() + b"\n"
CSV_ROW = b"2026-03-12,H1,,SMITH,1940-02-01,2026-03-11,# NOF\n"

CSV = (
    Hostile("5-mb-cell.csv", lambda: CSV_HEADERS + b"x" * 5_000_000 + b"," + CSV_ROW, "a line of 5,000"),
    Hostile("200-kb-cell.csv", lambda: CSV_HEADERS + b"x" * 200_000 + CSV_ROW + CSV_ROW, "field limit", facts=1),
    Hostile("open-quote.csv", lambda: CSV_HEADERS + CSV_ROW + b'"' + b"x,\n" * 500_000, "breaks the rules", facts=1),
    Hostile("10000000-cells.csv", lambda: CSV_HEADERS + b"," * 10_000_000, "a line of 10,000"),
    Hostile("200000-columns.csv", lambda: b",".join(b"c%d" % n for n in range(200_000)), "No column"),
    Hostile("2000000-blank-lines.csv", lambda: CSV_HEADERS + b"\n" * 2_000_000, "more than 500,000 rows"),
    Hostile("20000-rows.csv", lambda: CSV_HEADERS + b"x,,,,,,\n" * 20_000, "row 2"),
    Hostile("nul.csv", lambda: CSV_HEADERS + b"\0" * 5_000 + CSV_ROW, "NUL"),
    Hostile("quotes.csv", lambda: CSV_HEADERS + b'"a""b",' * 300_000, "a line of"),
)


@cache
def book() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(HEADERS)
    made.active.append([date(2026, 3, 12), "H1", None, "SMITH", date(1940, 2, 1), date(2026, 3, 11), "# NOF L"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(change: Callable[[str, bytes], bytes], *more: tuple[str, bytes]) -> bytes:
    """The workbook with its parts changed, and more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in chain(((m.filename, change(m.filename, old.read(m))) for m in old.infolist()), more):
            new.writestr(name, part)
    return out.getvalue()


def same(name: str, part: bytes) -> bytes:
    return part


def in_the_sheet(rows: bytes) -> bytes:
    return repacked(lambda n, p: p.replace(b"</sheetData>", rows + b"</sheetData>") if n.endswith("sheet1.xml") else p)


def in_every_part(text: bytes) -> bytes:
    """The text after each part's XML declaration, or at its beginning."""

    def change(name: str, part: bytes) -> bytes:
        place = part.find(b"?>") + 2 if part.startswith(b"<?xml") else 0
        return part[:place] + text + part[place:]

    return repacked(change)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def letters(chance: random.Random, many: int) -> bytes:
    return bytes(chance.choices(b"abcdefghijklmnopqrstuvwxyz0123456789", k=many))


def texts(pattern: bytes, many: int, length: int = 3) -> bytes:
    """So many pieces with other letters in each, so that they don't pack well."""
    chance = random.Random(1)
    return b"".join(pattern % letters(chance, length) for _ in range(many))


def shared(many: int) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    declared = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = b'<?xml version="1.0"?><sst xmlns="' + main + b'">' + texts(b"<si><t>%s</t></si>", many) + b"</sst>"
    change = lambda name, part: part.replace(b"</Types>", declared) if "Content_Types" in name else part  # noqa: E731
    return repacked(change, ("xl/sharedStrings.xml", table))


def lying_about_its_size() -> bytes:
    content = in_the_sheet(texts(b"<row><c><v>%s</v></c></row>", 1_000))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return content.replace(size.to_bytes(4, "little"), (2**31 - 1).to_bytes(4, "little"))


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'

XLSX = (
    Hostile("300-mb-part.xlsx", lambda: zipped(sheet=b"0" * 300_000_000), "unpacks to 300,000,000 bytes"),
    Hostile("ratio.xlsx", lambda: zipped(sheet=os.urandom(10) * 10_000_000), "100 times its packed size"),
    Hostile("2001-parts.xlsx", lambda: zipped(**{f"part{n}": b"" for n in range(2_001)}), "2,001 parts"),
    Hostile("lying-size.xlsx", lying_about_its_size, "unpacks to"),
    Hostile("outside.xlsx", lambda: repacked(same, ("../../etc/x", b"x")), "leads out of the workbook"),
    Hostile("entities.xlsx", lambda: in_every_part(ENTITIES), "document type"),
    Hostile("external-dtd.xlsx", lambda: in_every_part(b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "document type"),
    Hostile("utf-16-dtd.xlsx", lambda: in_every_part("<!DOCTYPE x []>".encode("utf-16-le")), "document type"),
    Hostile("1000100-texts.xlsx", lambda: shared(1_000_100), "1,000,000 texts"),
    Hostile("wide-row.xlsx",
            lambda: in_the_sheet(b"<row>" + texts(b"<c><v>%s</v></c>", 400_000) + b"</row>"), "a row of"),
    Hostile("deep-rows.xlsx", lambda: in_the_sheet(texts(b"<row a='%s'>", 20_000) + b"</row>" * 20_000), facts=1),
    Hostile("formulas.xlsx", lambda: in_the_sheet(
        b"".join(b'<row r="%d"><c r="B%d"><f>HYPERLINK(%d)</f></c></row>' % (n, n, n * 7919) for n in range(3, 4_000))
    ), "formula", facts=1),
    Hostile("zip-in-zip.xlsx", lambda: repacked(same, ("xl/embeddings/a.zip", zipped(a=b"0" * 1_000_000))), facts=1),
    Hostile("no-zip.xlsx", lambda: b"PK\x03\x04" + os.urandom(100_000), "no readable XLSX"),
    Hostile("protected.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 10_000, "with a password"),
)  # fmt: skip

# --- DICOM


def element(group: int, number: int, kind: bytes, length: int, value: bytes = b"") -> bytes:
    return struct.pack("<HH2sHI", group, number, kind, 0, length) + value


DICOM = (
    Hostile("2-gb-element.dcm", lambda: written(sample()) + element(0x42, 0x11, b"OB", 0x7FFFFFFF, b"x"), "cut off"),
    Hostile("1000000-elements.dcm", lambda: written(sample()) + struct.pack("<HH2sH", 0x99, 0x11, b"LO", 0) * 1_000_000,
            "200,000 elements"),
    Hostile("3000-regions.dcm",
            lambda: written(report(container("Left Femur", *[region("Neck") for _ in range(3_000)]))), "200,000 ele"),
    Hostile("nested.dcm", lambda: written(sample()) + element(0x40, 0xA730, b"SQ", 0xFFFFFFFF)
            + (struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + element(0x40, 0xA730, b"SQ", 0xFFFFFFFF)) * 10_000,
            "nested"),
    Hostile("5-mb-score.dcm", lambda: written(report(container("Left Femur", container(
        "Neck", words("BMD_TSCORE", "-2." + "1" * 5_000_000))))), "is no value"),
    Hostile("noise.dcm", lambda: written(sample())[:400] + os.urandom(1_000_000), "Send the"),
)  # fmt: skip

BY_READER: dict[str, tuple[Hostile, ...]] = {
    "hl7v2": HL7, "reports": REPORTS, "fhir": FHIR, "csv": CSV, "xlsx": XLSX, "dicom": DICOM,
}  # fmt: skip


def everything() -> Iterator[Hostile]:
    return chain.from_iterable(BY_READER.values())
