"""The bone treatments that a form offers, in the words of FLS-DB field 4.01."""

BONE_TREATMENTS = (
    "Alendronate",
    "Risedronate",
    "Ibandronate",
    "Zoledronate",
    "Denosumab",
    "Teriparatide",
    "Romosozumab",
    "Abaloparatide",
    "Raloxifene",
    "Strontium",
    "Systemic Oestrogens",
    "Alfacalcidol",
)
OTHER = "other"
CHOICES = [*((drug, drug) for drug in BONE_TREATMENTS), (OTHER, "Another, named below")]
ANOTHER = "Name of another treatment"
NOT_CHOSEN = "Choose “Another, named below”, or empty the name of another treatment"
