"""Lists that people upload on a page: tried first, confirmed by a person, undone as a whole where they were wrong."""
