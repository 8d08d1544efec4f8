"""The board's report: a site's measures as a PDF that may leave the building."""
