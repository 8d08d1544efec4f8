"""The endpoint tried against its own description, by requests that nobody would think of."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from openfls.pages.fhir.description import openapi

TRIES = 12  # requests for each operation; `make soak` may give more

# Not: whether all that fits the description is accepted. It says of a resource little more than its type.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    unsupported_method,
]

schema = schemathesis.openapi.from_dict(openapi())


@pytest.fixture
def token(world) -> str:
    from openfls.record.systems import add_system
    from tests.pages.world import HOME

    return add_system("tester", HOME, by="ada", source="X1A/tester", may_read=True)


@schema.parametrize()
@settings(
    max_examples=TRIES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_description_tells_of(case, token):
    from openfls.wsgi import application

    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
    response = WSGI_TRANSPORT.send(case, app=application, base_url="http://localhost")
    case.validate_response(response, checks=CHECKS)
