"""What is derived from facts: thrown away and derived again, so nothing a person did may hang on these rows."""

from django.db import models


class Person(models.Model):
    """A connected component of records; ``key`` is the smallest record key in it. Details are for lists and search."""

    key = models.CharField(max_length=64, primary_key=True)
    nhs_number = models.CharField(max_length=10, null=True, blank=True)
    name = models.TextField(blank=True, default="")
    family_name = models.TextField(blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=16)
    died_on = models.DateField(null=True, blank=True)
    postcode = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    practice = models.TextField(blank=True, default="")
    care_home = models.CharField(max_length=16, default="unknown")
    ethnic_group = models.CharField(max_length=32, default="not known")  # an `EthnicGroup`; shown in counts alone
    stays = models.JSONField(default=list)  # `clinical.reach.Stay`, oldest first; read by `record.wards` alone
    name_clash = models.BooleanField(default=False)
    changes_on = models.DateField(null=True, blank=True)  # when what lies ahead begins to count (`Caseload.changes_on`)
    digest = models.CharField(max_length=64, default="")  # of all that is derived for this person

    class Meta:
        indexes = [
            models.Index(fields=["nhs_number"], name="person_nhs_number"),
            models.Index(fields=["family_name"], name="person_family_name"),
            models.Index(fields=["birth_date"], name="person_birth_date"),
            models.Index(fields=["name"], name="person_name"),
            models.Index(fields=["changes_on"], name="person_changes_on"),
        ]

    def __str__(self) -> str:
        return self.key


class PersonSite(models.Model):
    """The person was seen at this site (an organisation code, known to us or not): who works there may see her."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sites", db_index=False)
    site = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "site"], name="one_row_a_person_and_site")]
        indexes = [models.Index(fields=["site"], name="person_site")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.site}"


class EpisodeRow(models.Model):
    """An index fracture episode (`clinical.episodes.Episode`) with its status, as lists and measures need it."""

    id = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="episodes", db_index=False)
    index_start = models.DateField()
    index_end = models.DateField()
    index_precision = models.CharField(max_length=16)
    body_sites = models.JSONField(default=list)  # `BodySite` values
    main_site = models.CharField(max_length=64)
    side = models.CharField(max_length=16)
    age = models.IntegerField(null=True, blank=True)  # completed years at the fracture
    site = models.CharField(max_length=100, null=True, blank=True)  # the one that answers: where it was first sighted
    status = models.CharField(max_length=64)
    eligible = models.CharField(max_length=16)  # an `Outcome`
    eligible_because = models.JSONField(default=list)
    refracture = models.BooleanField(default=False)
    setting = models.CharField(max_length=64, blank=True, default="")
    finders = models.JSONField(default=list)  # {finder, site, source, known, days_after, late, suspected, fact}
    sightings = models.JSONField(default=list)  # fact ids
    other_site = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["person", "index_start"], name="episode_person"),
            models.Index(fields=["index_start"], name="episode_index_start"),
            models.Index(fields=["status"], name="episode_status"),
        ]

    def __str__(self) -> str:
        return self.id


class EpisodeSite(models.Model):
    """The episode was seen at this site; a transfer adds a row, nothing removes one."""

    episode = models.ForeignKey(EpisodeRow, on_delete=models.CASCADE, related_name="sites", db_index=False)
    site = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "site"], name="one_row_an_episode_and_site")]
        indexes = [models.Index(fields=["site"], name="episode_site")]

    def __str__(self) -> str:
        return f"{self.episode_id} at {self.site}"


class StandingRow(models.Model):
    """How one episode stands to one standard (`clinical.standards.Standing`)."""

    episode = models.ForeignKey(EpisodeRow, on_delete=models.CASCADE, related_name="standings", db_index=False)
    site = models.TextField(null=True, blank=True)
    standard = models.CharField(max_length=200)
    step = models.CharField(max_length=64)
    verdict = models.CharField(max_length=16)
    due = models.DateField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    met_by = models.TextField(blank=True, default="")  # a fact id
    because = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "standard"], name="one_standing_a_standard")]
        indexes = [models.Index(fields=["standard", "verdict"], name="standing_standard")]

    def __str__(self) -> str:
        return f"{self.standard}: {self.verdict}"


class TaskRow(models.Model):
    """The task of one step of one episode (`clinical.caseload.Task`); ``rank`` orders a worklist, smallest first."""

    episode = models.ForeignKey(EpisodeRow, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    step = models.CharField(max_length=64)
    state = models.CharField(max_length=32)
    due = models.DateField(null=True, blank=True)
    owner_role = models.CharField(max_length=64)
    owner = models.TextField(blank=True, default="")
    site = models.CharField(max_length=100, null=True, blank=True)
    because = models.JSONField(default=list)
    standard = models.CharField(max_length=200, blank=True, default="")
    rank = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "step"], name="one_task_an_episode_and_step")]
        indexes = [
            models.Index(fields=["person"], name="task_person"),
            models.Index(fields=["state", "rank"], name="task_rank"),
            models.Index(fields=["site", "state", "rank"], name="task_worklist"),
        ]

    def __str__(self) -> str:
        return f"{self.step} ({self.state})"


class DoubtRow(models.Model):
    """Two records that may be one person: a question to a person, never a guess.

    ``probability``: that the two are one person, by their likeness (`clinical.likeness`). ``undecided_by``: who looked
    last and couldn't tell, and when. Both order the questions.
    """

    left = models.ForeignKey("record.RecordRow", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("record.RecordRow", on_delete=models.CASCADE, related_name="+")
    person_left = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="doubts_left")
    person_right = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="doubts_right")
    because = models.TextField()
    probability = models.FloatField(default=0.0)
    undecided_by = models.TextField(blank=True, default="")
    undecided_on = models.DateField(null=True, blank=True)
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["left", "right"], name="one_doubt_a_pair")]

    def __str__(self) -> str:
        return f"{self.left_id} or {self.right_id}"
