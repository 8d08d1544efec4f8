"""The service profile: what is asked about a hospital's model of care in a year, and how a team judges its own work.

A profile is a mapping from a question's name to its answer, with what nobody answered left out. `known` says what an
answer tells; unanswered and *don't know* tell nothing, and are never *no*.
"""
