"""Reports read as negative: a person checks some of them each month."""
