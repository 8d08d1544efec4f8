"""The record: organisations, facts (append-only), what is derived from them, and the audit trail (append-only)."""

from openfls.record.models.audit import Trail
from openfls.record.models.deprivation import DeprivationTable, PostcodeDecile
from openfls.record.models.derived import (
    DoubtRow,
    EpisodeRow,
    EpisodeSite,
    Person,
    PersonSite,
    StandingRow,
    TaskRow,
)
from openfls.record.models.exports import ExportRequest, ExportState, OptOutExemption, OptOutList
from openfls.record.models.facts import CrowdedBlock, FactRow, RecordBlock, RecordLink, RecordNumber, RecordRow
from openfls.record.models.organisations import (
    Membership,
    Practice,
    Scanner,
    SharingAgreement,
    Site,
    SiteParameter,
    Trust,
    Ward,
)
from openfls.record.models.profiles import ProfileVersion, SelfAssessment
from openfls.record.models.systems import System

__all__ = [
    "CrowdedBlock",
    "DeprivationTable",
    "DoubtRow",
    "EpisodeRow",
    "EpisodeSite",
    "ExportRequest",
    "ExportState",
    "FactRow",
    "Membership",
    "OptOutExemption",
    "OptOutList",
    "Person",
    "PersonSite",
    "PostcodeDecile",
    "Practice",
    "ProfileVersion",
    "RecordBlock",
    "RecordLink",
    "RecordNumber",
    "RecordRow",
    "Scanner",
    "SelfAssessment",
    "SharingAgreement",
    "Site",
    "SiteParameter",
    "StandingRow",
    "System",
    "TaskRow",
    "Trail",
    "Trust",
    "Ward",
]
