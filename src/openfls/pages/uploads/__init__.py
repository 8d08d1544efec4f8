"""Lists that people upload: choose, try, confirm, mend, undo."""
