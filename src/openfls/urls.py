"""The addresses. No address holds anything that names a patient: a record's key is a digest."""

from django.urls import include, path, re_path, register_converter

from openfls.pages.backstop import views as backstop
from openfls.pages.board import views as board
from openfls.pages.components import views as components
from openfls.pages.exports import checks
from openfls.pages.exports import views as exports
from openfls.pages.feeds import views as feeds
from openfls.pages.fractures import views as fractures
from openfls.pages.gaps import views as gaps
from openfls.pages.health import views as health
from openfls.pages.identity import views as identity
from openfls.pages.patient import mending, tasks
from openfls.pages.patient import views as patient
from openfls.pages.profile import comparing, grading, self_assessing
from openfls.pages.profile import views as profile
from openfls.pages.quarantine import views as quarantine
from openfls.pages.reports import views as reports
from openfls.pages.search import views as search
from openfls.pages.sightings import views as sightings
from openfls.pages.signin import views as signin
from openfls.pages.today import views as today
from openfls.pages.triage import views as triage
from openfls.pages.uploads import views as uploads


class Digest:
    """A sha256 in hexadecimal: the key of a record, the id of a fact."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Digest, "digest")

FRACTURE = "patients/<digest:key>/fractures/<digest:sighting>"  # by any of its sightings

urlpatterns = [
    path("", today.today, name="today"),
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("site/", signin.site, name="site"),
    path("search/", search.search, name="search"),
    path("triage/", triage.triage, name="triage"),
    path("triage/undo/", triage.undo, name="triage-undo"),
    path("sightings/new/", sightings.new, name="sighting-new"),
    path("patients/<digest:key>/", patient.patient, name="patient"),
    path("patients/<digest:key>/sightings/new/", sightings.of_patient, name="sighting-of"),
    path("patients/<digest:key>/facts/<digest:fact>/correct/", mending.correct, name="correct"),
    path("patients/<digest:key>/facts/<digest:fact>/take-back/", mending.take_back, name="take-back"),
    path("patients/<digest:key>/enter/<slug:name>/", patient.enter, name="entry-of-person"),
    path(f"{FRACTURE}/enter/<slug:name>/", patient.enter, name="entry"),
    path(f"{FRACTURE}/tasks/<slug:slug>/", tasks.task, name="task"),
    path(f"{FRACTURE}/tasks/<slug:slug>/<slug:name>/", tasks.act, name="task-act"),
    path("fractures/", fractures.fractures, name="fractures"),
    path("backstop/", backstop.backstop, name="backstop"),
    path("backstop/<slug:which>/", backstop.names, name="backstop-list"),
    path("backstop/<slug:which>/<str:what>/", backstop.names, name="backstop-names"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/practices/", gaps.practices, name="practices"),
    path("gaps/pathway/", gaps.pathway_page, name="pathway"),
    path("gaps/<slug:standard>/", gaps.gap, name="gap"),
    path("gaps/<slug:standard>/counts.csv", gaps.counts, name="gap-counts"),
    path("components/", components.components, name="components"),
    path("components/<slug:slug>/", components.component, name="component"),
    path("components/<slug:slug>/fractures/", components.way, name="way"),
    path("board-report/", board.report, name="board-report"),
    path("measures/<slug:standard>/<slug:cell>/", components.names, name="names"),
    path("profiles/", profile.index, name="profiles"),
    path("profiles/compared/<int:year>/", comparing.compare, name="profiles-compared"),
    path("profiles/compared/<int:year>/profiles.csv", comparing.compare_csv, name="profiles-compared-csv"),
    path("profiles/<str:site>/<int:year>/", profile.profile, name="profile"),
    path("profiles/<str:site>/<int:year>/sections/<slug:slug>/", profile.section, name="profile-section"),
    path("profiles/<str:site>/<int:year>/grades/", grading.graded, name="profile-grades"),
    path("profiles/<str:site>/<int:year>/copy/", profile.copy, name="profile-copy"),
    path("profiles/<str:site>/<int:year>/export/<slug:form>/", profile.export, name="profile-export"),
    path("profiles/<str:site>/<int:year>/self-assessment/", self_assessing.answer, name="self-assessment"),
    path(
        "profiles/<str:site>/<int:year>/self-assessment/answers/",
        self_assessing.answers,
        name="self-assessment-answers",
    ),
    path("identity/", identity.doubts, name="identity"),
    path("identity/answer/", identity.answer, name="identity-answer"),
    path("identity/undo/<digest:key>/<digest:fact>/", identity.undo, name="identity-undo"),
    path("quarantine/", quarantine.waiting, name="quarantine"),
    path("quarantine/<int:number>/", quarantine.message, name="quarantined"),
    path("quarantine/<int:number>/mend/", quarantine.mend, name="quarantine-mend"),
    path("quarantine/<int:number>/dismiss/", quarantine.dismiss, name="quarantine-dismiss"),
    path("reports/", reports.lists, name="reports"),
    path("reports/<int:number>/", reports.report, name="report"),
    path("reports/lists/<int:number>/take/", reports.take, name="report-list-take"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/new/", uploads.new, name="upload-new"),
    path("uploads/mend/<int:number>/", uploads.mend, name="upload-mend"),
    path("uploads/<int:number>/", uploads.upload, name="upload"),
    path("uploads/<int:number>/progress/", uploads.progress, name="upload-progress"),
    path("uploads/<int:number>/columns/", uploads.columns, name="upload-columns"),
    path("uploads/<int:number>/confirm/", uploads.confirm, name="upload-confirm"),
    path("uploads/<int:number>/discard/", uploads.discard, name="upload-discard"),
    path("uploads/<int:number>/undo/", uploads.undo, name="upload-undo"),
    path("uploads/<int:number>/restore/", uploads.restore, name="upload-restore"),
    path("uploads/<int:number>/rows-to-mend.csv", uploads.rows_to_mend, name="upload-rows"),
    path("exports/", exports.exports, name="exports"),
    path("exports/new/", exports.new, name="export-new"),
    path("exports/checks/", checks.checks, name="opt-out-checks"),
    path("exports/checks/<int:number>/answer/", checks.answer, name="opt-out-answer"),
    path("exports/<int:number>/", exports.export, name="export"),
    path("exports/<int:number>/approve/", exports.approve, name="export-approve"),
    path("exports/<int:number>/decline/", exports.decline, name="export-decline"),
    path("exports/<int:number>/file.csv", exports.file, name="export-file"),
    path("exports/<int:number>/missing/<int:place>/", exports.missing, name="export-missing"),
    path("exports/<int:number>/unchecked/", exports.unchecked, name="export-unchecked"),
    path("feeds/", feeds.feeds, name="feeds"),
    re_path("^fhir/R4", include("openfls.pages.fhir.addresses")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

handler400 = "openfls.pages.frame.errors.bad_request"
handler404 = "openfls.pages.frame.errors.not_found"
handler500 = "openfls.pages.frame.errors.failed"
