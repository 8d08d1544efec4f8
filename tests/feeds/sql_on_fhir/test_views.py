"""What a view says is compiled or refused: no path, function or column is overlooked, and nothing is a silent null."""

import duckdb
import pytest

from openfls.feeds.fhir.views import CannotCompile, compiled
from tests.feeds.sql_on_fhir.cases import run


def view(path: str, resource: str = "Patient", **column) -> dict:
    return {"resource": resource, "select": [{"column": [{"name": "it", "path": path} | column]}]}


def items(depth: int) -> dict:
    """A form whose items lie ``depth`` levels deep."""
    found: list = []
    for level in range(depth, 0, -1):
        found = [{"linkId": str(level), "item": found}]
    return {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "item": found}


OF_ITEMS = {
    "resource": "QuestionnaireResponse",
    "select": [{"repeat": ["item"], "column": [{"name": "link", "path": "linkId"}]}],
}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nmae.family", "Patient has no element 'nmae'"),
        ("name.famly", "HumanName has no element 'famly'"),
        ("deceased", "'deceased' may be of several types"),
        ("deceased.exists()", "of any type exists is not supported"),
        ("deceased.ofType(string)", "never of type string"),
        ("birthDate.ofType(string)", "of type date, never of string"),
        ("name.family.upper()", "The function upper() is not supported"),
        ("name.family.first(1)", "first() takes no more than 0"),
        ("name | contact.name", "The operator | is not supported"),
        ("name.family ~ 'a'", "The operator ~ is not supported"),
        ("active > birthDate", "boolean > date is not supported"),
        ("name.where(family)", "A criterion is of type string, no boolean"),
        ("name.where(use = %which).family", "%which is not defined"),
        ("name.family.join(',').exists(", "is no FHIRPath"),
        ("name.family)", "is no FHIRPath"),
        ("name[active]", "An index is a single whole number"),
        ("@2020-01-01", "is no FHIRPath"),
        ("where(active).id", "what a where() of the resource gives"),
        ("birthDate.getReferenceKey()", "is asked of a date"),
        ("$index", "$index is not defined"),
        ("(" * 60 + "id" + ")" * 60, "nested deeper than 50"),
    ],
)
def test_what_is_not_supported_is_refused_when_the_view_is_loaded(path, says):
    with pytest.raises(CannotCompile) as refused:
        compiled(view(path))
    assert says in str(refused.value)
    assert refused.value.mend


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ([], "This is no object"),
        ({"resource": "Patien", "select": []}, "no resource of FHIR R4"),
        ({"resource": "Patient", "select": [], "groupBy": "id"}, "'groupBy' is not supported here"),
        ({"resource": "Patient", "select": [{"foreach": "name"}]}, "'foreach' is not supported here"),
        ({"resource": "Patient", "select": []}, "no column"),
        (view("id", type="boolean"), "declared as boolean, its path gives string"),
        (view("id", type="strnig"), "which FHIR R4 doesn't have"),
        (view("id", name="it'); drop"), "is no name of a column"),
        ({"resource": "Patient", "select": view("id")["select"] * 2}, "Two columns are called 'it'"),
        ({"resource": "Patient", "select": [{"forEach": "name", "repeat": ["contact"]}]}, "stand together"),
        ({"resource": "Patient", "select": [{"unionAll": view("id")["select"] + [{}]}]}, "differ in their columns"),
        (view("id") | {"constant": [{"name": "a", "valueInteger": "1"}]}, "no value of a primitive type"),
        (view("id") | {"where": [{"path": "name"}]}, "no boolean"),
    ],
)
def test_a_view_that_says_what_we_would_overlook_is_refused(told, says):
    with pytest.raises(CannotCompile) as refused:
        compiled(told)
    assert says in str(refused.value)


def test_only_what_the_view_asks_for_is_declared_of_the_file():
    scan = compiled(view("name.where(use = 'official').family.first()"))
    assert dict(scan.schema) == {"name": 'STRUCT("use" VARCHAR, "family" VARCHAR)[]', "resourceType": "VARCHAR"}


def test_what_is_taken_whole_is_declared_as_json_and_given_as_it_was_written():
    concept = {"coding": [{"code": "S72.0", "x": 1.50}], "text": "hip"}
    resource = {"resourceType": "Condition", "id": "c", "code": concept}
    rows, _ = run(view("code", "Condition", type="CodeableConcept"), (resource,))
    assert rows == [{"it": '{"coding":[{"code":"S72.0","x":1.5}],"text":"hip"}'}]


def test_a_part_of_what_is_taken_whole_is_refused():
    with pytest.raises(CannotCompile, match="whole and in parts"):
        compiled({"resource": "Condition", "select": [{"column": [{"name": "a", "path": "code"}]},
                                                      {"column": [{"name": "b", "path": "code.text"}]}]})  # fmt: skip


def test_rows_are_made_without_a_join():
    each = {"forEach": "name", "column": [{"name": "f", "path": "family"}]}
    sql = compiled({"resource": "Patient", "select": [each]})
    assert sql.select.startswith("unnest(")
    assert " JOIN " not in sql.sql(["a.ndjson"]).upper()


def test_a_tree_is_followed_down_to_the_declared_depth_and_one_that_goes_deeper_stops_the_query():
    rows, _ = run(OF_ITEMS, (items(6),))
    assert [row["link"] for row in rows] == [str(level) for level in range(1, 7)]
    with pytest.raises(duckdb.Error, match="nested deeper than 6 levels"):
        run(OF_ITEMS, (items(7),))


def test_a_text_in_a_path_stays_a_text():
    person = {"resourceType": "Patient", "id": "p", "name": [{"family": "O'Hara; DROP"}]}
    rows, _ = run(view(r"name.where(family = 'O\'Hara; DROP').exists()"), (person,))
    assert rows == [{"it": True}]


@pytest.mark.parametrize(
    ("one", "sign", "other", "said"),
    [
        ("2026-03-01", "<", "2026-03-02", True),
        ("2026-03", "<", "2026-04-02", True),
        ("2026-03", "<", "2026-03-02", None),  # how far it is written doesn't decide
        ("2026-03-01T00:30:00+01:00", "=", "2026-02-28T23:30:00Z", True),
        ("2026-03-01T00:30:00+01:00", "<", "2026-03-01T00:00:00Z", True),
    ],
)
def test_moments_are_compared_as_far_as_they_are_written_and_across_offsets(one, sign, other, said):
    resource = {"resourceType": "Condition", "id": "c", "onsetDateTime": one}
    told = view(f"onset.ofType(dateTime) {sign} %other", "Condition") | {
        "constant": [{"name": "other", "valueDateTime": other}]
    }
    assert run(told, (resource,))[0] == [{"it": said}]


@pytest.mark.parametrize(
    ("path", "gives"),
    [("1 + 2 * 3", 7), ("7 div 2", 3), ("7 mod 2", 1), ("1 / 0", None), ("-(2 - 5)", 3), ("name.count()", 2),
     ("name.given.count()", 3), ("'a' & name[5].family & 'b'", "ab"), ("'a' + name[5].family", None),
     ("true and name[5].family.exists().not()", True), ("name.exists(use = 'old')", False),
     ("Patient.name.first().given[1]", "B"), ("name.given.join('-')", "A-B-C")],
)  # fmt: skip
def test_what_paths_give(path, gives):
    person = {"resourceType": "Patient", "id": "p", "name": [{"given": ["A", "B"]}, {"given": [None, "C"]}]}
    assert run(view(path), (person,))[0] == [{"it": gives}]
