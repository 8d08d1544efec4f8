"""Linking whole files by probability, training the weights, and measuring the error: Splink on DuckDB.

An analyst's room: nothing that serves pages imports it, and it needs the extra `linkage`. What a single arriving record
weighs against the register is worked out by `clinical.likeness` in plain Python, from the same weights to the same
figure.
"""
