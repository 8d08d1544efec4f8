"""Whole exports to facts in Parquet, for case finding and counting over a country: FHIR NDJSON, lists, OMOP, on DuckDB.

What decides is what decides in the feeds: DuckDB passes over what their readers want nothing of; they read the rest.
"""
