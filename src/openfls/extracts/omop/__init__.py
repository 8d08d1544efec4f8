"""OMOP CDM 5.4 tables (CSV or Parquet), told as the FHIR resources that say the same, so that one reader reads both."""

from openfls.extracts.omop.stage import is_omop, stage, tables_in

__all__ = ["is_omop", "stage", "tables_in"]
