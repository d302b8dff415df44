"""The typed values of the programme's rules: how funding is made visible, and (imported) territory codes."""

from typing import Annotated

from pydantic import Field

from microcities.programme.territories import Territories
from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

__all__ = ["FundingScheme", "Territories", "Visibility"]


class FundingScheme(RuleValues):
    """What one kind of funding asks to be shown; the texts are official wordings and not to be rephrased."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+$"), Label("Code", "Kods", shown=False)]
    name: Annotated[Text, Label("Funding", "Finansējums")]
    funds: Annotated[tuple[str, ...], Field(min_length=1), Label("Funds", "Fondi")]
    initiatives: Annotated[tuple[str, ...], Label("Initiatives", "Iniciatīvas")] = ()
    statement: Annotated[Text, Label("Sentence to be shown", "Obligātais teikums")]
    disclaimer: Annotated[Text | None, Label("Disclaimer", "Atruna")] = None
    emblem: Annotated[bool, Label("European Union emblem is shown", "Rāda Eiropas Savienības emblēmu")]
    emblem_name: Annotated[Text, Label("Words that stand for the emblem", "Emblēmas tekstuālais apraksts")]
    poster: Annotated[str, Label("Smallest poster at each partner", "Mazākais plakāts pie katra partnera")]
    plaque_from: Annotated[
        int,
        Field(ge=0),
        Label("Lasting plaque from this support", "Pastāvīga plāksne no šāda atbalsta", "EUR", "EUR"),
    ]
    short_description: Annotated[
        bool, Label("Short description on partners' sites", "Īss apraksts partneru vietnēs")
    ]


@rule_values("programme.visibility")
class Visibility(RuleValues):
    """The schemes known on a date; a programme shows the texts of the scheme that pays it."""

    schemes: Annotated[
        tuple[FundingScheme, ...], Field(min_length=1), Label("Kinds of funding", "Finansējuma veidi")
    ]

    def scheme(self, code: str) -> FundingScheme:
        """The scheme of that code; KeyError names the codes there are."""
        for scheme in self.schemes:
            if scheme.code == code:
                return scheme
        raise KeyError(
            f"no funding scheme {code!r}; there are: {', '.join(scheme.code for scheme in self.schemes)}"
        )

    def scheme_of(self, fund: str, initiative: str) -> FundingScheme | None:
        """The scheme of an initiative, or else of a fund outside every initiative; None when no scheme is for them."""
        of_fund = [scheme for scheme in self.schemes if fund in scheme.funds]
        named = [scheme for scheme in of_fund if initiative in scheme.initiatives]
        return next(iter(named or [scheme for scheme in of_fund if not scheme.initiatives]), None)
