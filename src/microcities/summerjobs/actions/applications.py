"""A pupil applies, or the guardian with the pupil: facts, wishes, papers, sending and withdrawing."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.access.uploads import JPEG, PDF, PNG
from microcities.people.models import Account, Person
from microcities.privacy.kept_files import forget_with_files, judged, keep_with_row
from microcities.summerjobs.application_rules import CHILD, may_apply_for, may_change, may_withdraw, sections_of, standing_of
from microcities.summerjobs.eligible import Openness
from microcities.summerjobs.letters import guardians_of, pupil_of, tell
from microcities.summerjobs.models import Application, ApplicationDocument, GroupClaim, Post, SummerScheme, Wish
from microcities.summerjobs.models.applications import FOLDER
from microcities.trail.context import change

# Without signs that look alike.
ALPHABET, CODE_LENGTH, MOST_TRIES = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 8, 10
ACCEPTED, MOST_BYTES, MOST_DOCUMENTS = (PDF, PNG, JPEG), 5 * 1024 * 1024, 10


def begin_application(*, actor: Account, scheme: SummerScheme, person: Person) -> Application:
    """The pupil's application to the scheme: the one there is, or a draft under a new code. Raises RefusedError."""
    require(may_apply_for(actor, scheme, person))
    found = Application.objects.filter(scheme=scheme, person=person).first()
    if found is not None:
        return found
    for _each in range(MOST_TRIES):
        code = "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))
        if Application.objects.filter(code=code).exists():
            continue
        try:
            with change("summerjobs.begin_application", actor=actor), transaction.atomic():
                return Application.objects.create(scheme=scheme, person=person, code=code, residence=person.place)
        except IntegrityError:
            # Begun at the same moment in another window.
            if (twin := Application.objects.filter(scheme=scheme, person=person).first()) is not None:
                return twin
    raise RuntimeError("no free code was found")


def write_application(*, actor: Account, application: Application, **fields: Any) -> Application:
    """Save a part of the application; what was checked is checked again. Raises RefusedError, ValidationError."""
    with change("summerjobs.write_application", actor=actor):
        locked = _locked(actor, application)
        for name, value in fields.items():
            setattr(locked, name, value)
        if locked.together_with == locked.code:
            raise RefusedError(_("This is your own code. Enter the code of your friend or sibling."))
        _check_again(locked)
        locked.full_clean(exclude=["code"])
        locked.save()
    return locked


def set_wishes(*, actor: Account, application: Application, posts: Sequence[Post]) -> list[Wish]:
    """Name the wishes anew, the dearest first. Raises RefusedError for a closed post, a double one, or one too many."""
    with change("summerjobs.set_wishes", actor=actor):
        locked = _locked(actor, application)
        if len({each.pk for each in posts}) < len(posts):
            raise RefusedError(_("A post is named twice. Choose each post once."))
        if len(posts) > locked.scheme.most_wishes:
            words = _("You can name %(most)s posts at most. Choose fewer.")
            raise RefusedError(words % {"most": locked.scheme.most_wishes})
        openness = Openness(locked.scheme)
        for post in posts:
            if not Post.objects.open().filter(pk=post.pk, host__scheme=locked.scheme).exists():
                raise RefusedError(_("“%(post)s” is not offered any more. Choose another post.") % {"post": post})
            if shut := openness.shut(locked, post):
                raise RefusedError(f"{post}: {shut.words}")
        locked.wishes.all().delete()
        return [Wish.objects.create(application=locked, post=post, rank=rank) for rank, post in enumerate(posts, start=1)]


def move_wish(*, actor: Account, application: Application, post: int, steps: int) -> None:
    """Bring a wish further up (-1) or down (1) in the order. Raises RefusedError."""
    with change("summerjobs.move_wish", actor=actor):
        locked = _locked(actor, application)
        order = list(locked.wishes.order_by("rank"))
        place = next((at for at, each in enumerate(order) if each.post_id == post), None)
        if place is None or not 0 <= place + steps < len(order):
            return
        order.insert(place + steps, order.pop(place))
        for rank, each in enumerate(order, start=1):
            each.rank = rank
        Wish.objects.bulk_update(order, ["rank"])


def set_groups(*, actor: Account, application: Application, groups: Iterable[str]) -> None:
    """Say to which groups the pupil belongs; what was proved stays proved. Raises RefusedError."""
    with change("summerjobs.set_groups", actor=actor):
        locked = _locked(actor, application)
        rules = locked.scheme.rules
        known = {each.code for each in rules.reserves} | {each.code for each in rules.priority}
        wanted = set(groups)
        if not wanted <= known:
            raise ValueError(f"the rules know no groups {sorted(wanted - known)}")
        locked.groups.exclude(group__in=wanted).delete()
        have = set(locked.groups.values_list("group", flat=True))
        for group in sorted(wanted - have):
            GroupClaim.objects.create(application=locked, group=group)
        _check_again(locked)
        locked.save()


def add_document(*, actor: Account, application: Application, title: str, file: UploadedFile) -> ApplicationDocument:
    """Keep a paper of the pupil. Raises RefusedError."""
    require(may_change(actor, application))
    checked = judged(file, accepts=ACCEPTED, max_bytes=MOST_BYTES)
    with change("summerjobs.add_document", actor=actor):
        locked = _locked(actor, application)
        if locked.documents.count() >= MOST_DOCUMENTS:
            raise RefusedError(_("There are %(most)s documents already. Remove one.") % {"most": MOST_DOCUMENTS})
        made: ApplicationDocument = keep_with_row(
            ApplicationDocument, checked, folder=FOLDER, application=locked, title=title.strip(), added_on=timezone.localdate()
        )
        _check_again(locked)
        locked.save()
    return made


def remove_document(*, actor: Account, document: ApplicationDocument) -> None:
    """The paper is gone, from the history too. Raises RefusedError."""
    with change("summerjobs.remove_document", actor=actor):
        _locked(actor, document.application)
        forget_with_files(ApplicationDocument.objects.filter(pk=document.pk))


def send_application(*, actor: Account, application: Application) -> Application:
    """Send it. Guardians of a pupil under age are written to. Raises RefusedError with what is missing."""
    with change("summerjobs.send_application", actor=actor):
        locked = _locked(actor, application)
        if locked.person.birth_on is None:
            raise RefusedError(_("Your date of birth is not known. Ask the city to enter it."))
        lacking = [str(each.title) for each in sections_of(locked) if each.needed and not each.done]
        if lacking:
            raise RefusedError(_("Still missing: %(parts)s.") % {"parts": ", ".join(lacking)})
        locked.submitted_at, locked.withdrawn_at, locked.missing = timezone.now(), None, ""
        locked.save(update_fields=["submitted_at", "withdrawn_at", "missing"])
        tell_sent(locked)
    return locked


def withdraw_application(*, actor: Account, application: Application) -> Application:
    """Take it back: it goes into no draw. Until the last day it may be sent again. Raises RefusedError."""
    with change("summerjobs.withdraw_application", actor=actor):
        locked = Application.objects.select_for_update(of=("self",)).select_related("scheme", "person").get(pk=application.pk)
        require(may_withdraw(actor, locked))
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
    return locked


def tell_sent(application: Application) -> None:
    """The pupil reads the code; guardians what is asked of them."""
    from_moment = application.submitted_at.isoformat() if application.submitted_at else ""
    tell(
        pupil_of(application.person), key=f"application.sent:{application.pk}:{from_moment}",
        subject=gettext_noop("Your application is sent: %(name)s"), name=str(application.scheme),
        what=gettext_lazy("You find your code and what comes next on the page of your application."),
        url=("application", application.pk),
    )
    standing = standing_of(application, Openness(application.scheme).law)
    if standing == "adult":
        return
    tell(
        guardians_of(application.person), key=f"application.guardian:{application.pk}",
        subject=gettext_noop("Summer work of your child: %(name)s"), name=str(application.scheme),
        what=gettext_lazy("Your child has applied. The law asks for your consent: read the application and say yes or no.")
        if standing == CHILD else gettext_lazy("Your child has applied. Read which posts it is and confirm that you have."),
        url=("application", application.pk),
    )


def _check_again(application: Application) -> None:
    """Other facts than those that staff have seen are not seen yet."""
    application.checked_at, application.checked_by_id = None, None


def _locked(actor: Account, application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("scheme__city", "person", "school")
    locked = rows.get(pk=application.pk)
    require(may_change(actor, locked))
    return locked
