"""One error for all that can be wrong around the server, which the command line shows as plain words."""


class DatabaseProblemError(Exception):
    """What is wrong, why, and what to do; the text is meant for the operator."""

    def __init__(self, what: str, why: str, remedy: str) -> None:
        super().__init__(what, why, remedy)
        self.what = what
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.remedy) if part)
