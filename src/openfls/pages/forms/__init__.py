"""Fields, how they are drawn, and how what a person enters becomes facts."""
