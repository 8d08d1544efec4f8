"""Lists that hospitals keep as CSV or XLSX to facts; a reviewed mapping says what each column means."""

from openfls.feeds.csv.read import pieces, read

__all__ = ["pieces", "read"]
