"""Engines: every standard counted over histories in Parquet, by plain Python, DuckDB or Spark.

Plain Python over one history (`clinical.standards.judge`) is the definition of right. The other engines run the same
frozen expression trees, compiled once through Ibis (`compiling`, `plan`); nobody writes a standard twice. What they
read is one layout (`layout`): episodes grouped once, by the definition, and what was recorded of each.

Needs the extra `population`; Spark needs `spark` and Java 17 besides.
"""
