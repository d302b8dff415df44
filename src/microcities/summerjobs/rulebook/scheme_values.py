"""The typed values of a summer scheme: who may take part, when, for how long, and what is paid from where."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$"), Label("Code", "Kods", shown=False)]
# A share is kept as the text of the rule has it ("1/10"), so that no digit is lost.
Ratio = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]*)/[1-9][0-9]*$")]
AgeDay = Literal["application_day", "first_work_day", "last_work_day"]
HostKind = Literal["municipal", "company", "ngo", "other"]
FundingKind = Literal["municipality", "erdf", "employment_agency", "employer"]
WageRule = Literal["proportional_minimum"]
Age = Annotated[int, Field(ge=13, le=30)]


class SubProgramme(RuleValues):
    """One way into the scheme. `age_counted_on` says on which day the age must be reached and not yet passed."""

    code: Code
    name: Annotated[Text, Label("Sub-programme", "Apakšprogramma")]
    hosts: Annotated[tuple[HostKind, ...], Field(min_length=1), Label("Kinds of employers", "Darba devēju veidi", shown=False)]
    hosts_in_words: Annotated[Text, Label("Employers", "Darba devēji")]
    age_from: Annotated[Age, Label("Age from", "Vecums no", "years", "gadi")]
    age_to: Annotated[Age, Label("to", "līdz", "years", "gadi")]
    age_counted_on: Annotated[AgeDay, Label("Age counted on", "Vecumu skaita dienā", shown=False)]
    residence_required: Annotated[bool, Label("Declared residence is asked for", "Vajadzīga deklarētā dzīvesvieta")]
    declared_by: Annotated[date | None, Label("Declared no later than", "Deklarēta ne vēlāk kā")] = None
    school_required: Annotated[bool, Label("A local school is asked for", "Vajadzīga vietējā izglītības iestāde")]

    @model_validator(mode="after")
    def fits(self) -> "SubProgramme":
        """Ages rise, and a day of declaring stands only where residence is asked for."""
        if self.age_to < self.age_from:
            raise ValueError(f"{self.code}: ages must rise")
        if self.declared_by is not None and not self.residence_required:
            raise ValueError(f"{self.code} names a day of declaring but asks for no residence")
        return self


class Period(RuleValues):
    """One period of work; a day is missing where it was not published."""

    code: Code
    name: Annotated[Text, Label("Period", "Periods")]
    first_on: Annotated[date | None, Label("First day", "Pirmā diena")] = None
    last_on: Annotated[date | None, Label("Last day", "Pēdējā diena")] = None


class AgeBand(RuleValues):
    """How long pupils of some ages work."""

    age_from: Annotated[Age, Label("Age from", "Vecums no", "years", "gadi")]
    age_to: Annotated[Age, Label("to", "līdz", "years", "gadi")]
    day_hours: Annotated[int, Field(ge=1, le=8), Label("Hours a day", "Stundas dienā", "h", "h")]
    week_hours: Annotated[int, Field(ge=1, le=40), Label("Hours a week", "Stundas nedēļā", "h", "h")]


class PriorityGroup(RuleValues):
    """A group of pupils who come first."""

    code: Code
    name: Annotated[Text, Label("Group", "Grupa")]


class Funding(RuleValues):
    """Who pays which part. `basis` is what the share is taken of: the state minimum wage, or the employer's cost."""

    code: Code
    name: Annotated[Text, Label("Source", "Avots")]
    kind: Annotated[FundingKind, Label("Kind", "Veids", shown=False)]
    basis: Annotated[Literal["minimum_wage", "cost"], Label("Basis", "Pamats", shown=False)]
    basis_in_words: Annotated[Text, Label("Share of", "Daļa no")]
    share: Annotated[Ratio | None, Label("Share", "Daļa")] = None
    share_disability: Annotated[
        Ratio | None, Label("Share for a pupil with a disability", "Daļa par skolēnu ar invaliditāti")
    ] = None
    budget: Annotated[Decimal | None, Field(ge=0), Label("Budget", "Budžets", "EUR", "EUR")] = None

    def share_for(self, *, disability: bool) -> Fraction | None:
        """The part paid for a pupil; None where it was not published."""
        share = self.share_disability if disability else self.share
        return None if share is None else Fraction(share)


class Supervision(RuleValues):
    """How many pupils one supervisor has at a time, and what is paid for it, in parts of the minimum wage per pupil."""

    most_pupils: Annotated[int, Field(ge=1), Label("Pupils at a time, at most", "Skolēni vienlaikus, ne vairāk kā")]
    most_with_disability: Annotated[
        int, Field(ge=1), Label("If one of them has a disability", "Ja kādam no viņiem ir invaliditāte")
    ]
    grant: Annotated[Ratio, Label("Grant per pupil, of the minimum wage", "Dotācija par skolēnu, no minimālās algas")]
    grant_disability: Annotated[
        Ratio, Label("Grant for the first pupil with a disability", "Dotācija par pirmo skolēnu ar invaliditāti")
    ]


class Choosing(RuleValues):
    """How places are given: the parts that employers choose and that the draw decides, and the wishes of a pupil."""

    employer_share: Annotated[Ratio | None, Label("Chosen by employers", "Izvēlas darba devēji")] = None
    lottery_share: Annotated[Ratio | None, Label("Decided by the draw", "Nosaka izloze")] = None
    wishes: Annotated[int | None, Field(ge=1, le=20), Label("Wishes, at most", "Vēlmes, ne vairāk kā")] = None
    days_to_answer: Annotated[int | None, Field(ge=1, le=30), Label("Days to answer", "Dienas atbildei")] = None

    @model_validator(mode="after")
    def shares_are_a_whole(self) -> "Choosing":
        """Where both parts are known they make one."""
        if self.employer_share and self.lottery_share and Fraction(self.employer_share) + Fraction(self.lottery_share) != 1:
            raise ValueError("what employers choose and what the draw decides must make one")
        return self


class Reserve(RuleValues):
    """Places kept for some pupils."""

    code: Code
    name: Annotated[Text, Label("Kept for", "Rezervēts")]
    share: Annotated[Ratio, Label("Share of places", "Vietu daļa")]


class Published(RuleValues):
    """A published count of that year, by which a report can be checked."""

    code: Code
    name: Annotated[Text, Label("Published figure", "Publicēts skaitlis")]
    number: Annotated[int, Field(ge=0), Label("Number", "Skaits")]


Programmes = Annotated[tuple[SubProgramme, ...], Field(min_length=1), Label("Sub-programmes", "Apakšprogrammas")]


@rule_values("summerjobs.scheme")
class Scheme(RuleValues):
    """The rules of one scheme in one year; what was not published is left out and named in the version's note.

    The state's scheme stands under LV, a city's under its local code: who wants the state's asks for LV.
    """

    runs: Annotated[bool, Label("Took place as planned", "Notika, kā plānots")] = True
    programmes: Programmes
    periods: Annotated[tuple[Period, ...], Label("Periods", "Periodi")]
    work_days: Annotated[int | None, Field(ge=1, le=70), Label("Working days", "Darba dienas")] = None
    bands: Annotated[tuple[AgeBand, ...], Label("Hours by age", "Stundas pēc vecuma")] = ()
    wage: Annotated[WageRule, Label("Rule of pay", "Algas noteikums", shown=False)] = "proportional_minimum"
    wage_in_words: Annotated[Text, Label("Pay", "Alga")]
    funding: Annotated[tuple[Funding, ...], Field(min_length=1), Label("Who pays", "Kas maksā")]
    supervision: Annotated[Supervision | None, Label("Supervisor", "Darba vadītājs")] = None
    priority: Annotated[tuple[PriorityGroup, ...], Label("Who comes first", "Priekšroka")] = ()
    reserves: Annotated[tuple[Reserve, ...], Label("Places kept", "Rezervētās vietas")] = ()
    choosing: Annotated[Choosing, Label("How places are given", "Kā piešķir vietas")] = Choosing()
    documents: Annotated[tuple[PriorityGroup, ...], Label("Documents asked for", "Prasītie dokumenti", shown=False)] = ()
    published: Annotated[tuple[Published, ...], Label("Published figures", "Publicētie skaitļi")] = ()

    @model_validator(mode="after")
    def parts_agree(self) -> "Scheme":
        """Codes differ within a list, known periods are in order, age bands neither overlap nor leave an age out."""
        for rows in (self.programmes, self.periods, self.funding, self.priority, self.reserves, self.published):
            codes = [row.code for row in rows]
            if len(set(codes)) != len(codes):
                raise ValueError("a code stands twice")
        days = [day for period in self.periods for day in (period.first_on, period.last_on) if day is not None]
        if days != sorted(days):
            raise ValueError("periods must follow each other")
        for before, after in zip(self.bands, self.bands[1:], strict=False):
            if after.age_from != before.age_to + 1:
                raise ValueError("age bands must follow each other")
        return self

    def programme(self, code: str) -> SubProgramme | None:
        """The sub-programme of that code, or None."""
        return next((each for each in self.programmes if each.code == code), None)

    def hours_at(self, age: int) -> AgeBand | None:
        """How long a pupil of that age works; None where the scheme does not say."""
        return next((band for band in self.bands if band.age_from <= age <= band.age_to), None)
