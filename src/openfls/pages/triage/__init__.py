"""New sightings, twenty a screen, one key each."""
