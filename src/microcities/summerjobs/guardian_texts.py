"""The words on which a guardian consents to a child's summer work, or confirms to have been informed of a teenager's.

They are the same for everybody and kept with each word that is given, so that later changes of this module change no proof.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from microcities.summerjobs.application_rules import CHILD
from microcities.summerjobs.models import GuardianWord


def text_for(kind: str, language: str = "") -> str:
    """The text in a language, the active one if none is named."""
    with translation.override(language or translation.get_language()):
        if kind == GuardianWord.Kind.CONSENT:
            return _(
                "I am a parent or guardian of this pupil. I consent to the pupil working in the summer scheme in one of "
                "the posts named in the application, within the hours that the law allows. Before the agreement the "
                "employer tells me of the risks at the place of work. I can take this consent back."
            )
        if kind == GuardianWord.Kind.INFORMED:
            return _(
                "I am a parent or guardian of this pupil. I have read which posts the pupil wishes for and what is done "
                "there. Before the agreement the employer tells me of the risks at the place of work."
            )
        return _("I am a parent or guardian of this pupil. I do not consent to the pupil working in the summer scheme.")


def asked_of(standing: str) -> str:
    """What the law asks of the guardian of a pupil with this standing."""
    return GuardianWord.Kind.CONSENT if standing == CHILD else GuardianWord.Kind.INFORMED
