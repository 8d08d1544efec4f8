"""Service profiles: filled in by the people of a site, compared side by side; and how a team judges its own work."""
