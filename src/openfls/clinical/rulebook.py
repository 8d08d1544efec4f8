"""The one visible list of standards."""

from openfls.clinical import assessment, coordination, monitoring, treatment
from openfls.clinical.standards import Standard

STANDARDS: tuple[Standard, ...] = (
    *assessment.STANDARDS,
    *treatment.STANDARDS,
    *monitoring.STANDARDS,
    *coordination.STANDARDS,
)

BY_NAME = {standard.name: standard for standard in STANDARDS}
