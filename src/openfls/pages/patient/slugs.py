"""Steps as they stand in addresses: ``follow-up-16``."""

from openfls.clinical.standards import Step

SLUG_OF: dict[Step, str] = {step: step.name.lower().replace("_", "-") for step in Step}
STEP_OF: dict[str, Step] = {slug: step for step, slug in SLUG_OF.items()}
