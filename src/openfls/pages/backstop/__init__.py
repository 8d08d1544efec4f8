"""Which finder saw whom, and whom each missed."""
