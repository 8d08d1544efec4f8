"""Numbers of a year that only service standards ask for, by the names that these have for them."""

from openfls.clinical.profile.questions import Section, Source, number

NUMBERS = Section(
    slug="numbers",
    title="Numbers that audits and frameworks ask for",
    about="What is to be expected here, and how many get what no record counts. Leave empty what you can't tell.",
    component=None,
    questions=(
        number("hip_fractures_a_year", "Hip fractures that the national hip audit counted here in the year", "",
               Source.FACILITIES, whole=True, most=100_000),
        number("expected_spine_fractures", "Spine fractures to be expected here in the year", "", Source.FRAMEWORK,
               whole=True, most=100_000),
        number("expected_other_fractures", "Fragility fractures other than of the spine to be expected in the year", "",
               Source.FRAMEWORK, whole=True, most=100_000),
        number("secondary_causes_share", "Patients tested for secondary causes", "percent", Source.FRAMEWORK, most=100),
        number("lifestyle_share", "Patients assessed for health and lifestyle risks", "percent", Source.FRAMEWORK,
               most=100),
        number("medication_review_share", "Of those on treatment at the fracture, reviewed", "percent",
               Source.FRAMEWORK, most=100),
        number("plan_items_share", "Of the framework's listed items, held by the plan sent to the doctor", "percent",
               Source.FRAMEWORK, most=100),
    ),
)  # fmt: skip
