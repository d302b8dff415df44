"""The questionnaire on interests: begin, ten statements a page, the result, show it to counsellors, delete it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow, signed_in
from microcities.access.outcome import try_to
from microcities.careers.actions.interests import (
    answer_interests,
    begin_interests,
    delete_interests,
    finish_interests,
    share_interests,
)
from microcities.careers.counsellors import seen_by_counsellors
from microcities.careers.forms.interests import PartForm, WordsForm
from microcities.careers.interest_norms import usual_differences
from microcities.careers.interest_results import current_questionnaire, occupations, questionnaire_of, reading_of
from microcities.careers.models import InterestSheet
from microcities.careers.rules import may_answer
from microcities.careers.views.own.record import crumbs, own_person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.privacy.rules import has_record
from microcities.ui.pages import page

ITEMS_A_PAGE = 10


def _own_sheet(request: HttpRequest, number: int) -> InterestSheet:
    rows = InterestSheet.objects.filter(person_id=account_of(request).person_id or 0).select_related("person")
    return get_object_or_404(rows, pk=number)


def _here(request: HttpRequest, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    return crumbs(own_person(request), account_of(request), (_("Interests"), reverse("careers:interests")), *steps)


@allow(has_record)
def interests(request: HttpRequest) -> HttpResponse:
    """What the questionnaire is and is not, and what one has answered."""
    person, asked = own_person(request), current_questionnaire()
    sheets = InterestSheet.objects.filter(person=person)
    language = get_language() or "lv"
    context: dict[str, Any] = {
        "title": asked.title.in_language(language), "instruction": asked.instruction.in_language(language),
        "notice": asked.notice.in_language(language), "origin": asked.origin.in_language(language), "asked": asked,
        "open": sheets.filter(finished_at__isnull=True, questionnaire=asked.name).first(), "finished": sheets.finished(),
        "answer": may_answer(account_of(request), person, asked.youngest), "items": len(asked.items),
        "crumbs": crumbs(person, account_of(request), (_("Interests"), "")),
    }
    return page(request, "careers/own/interests.html", context)


@allow(has_record, methods=("POST",))
def begin(request: HttpRequest) -> HttpResponse:
    """Begin, or go on."""
    try:
        sheet = begin_interests(actor=account_of(request), person=own_person(request), questionnaire=current_questionnaire())
    except RefusedError as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("careers:interests")
    items = questionnaire_of(sheet).items
    place = next((number for number, item in enumerate(items) if item.code not in sheet.answers), len(items))
    return redirect("careers:interests-part", sheet.pk, place // ITEMS_A_PAGE + 1)


@allow(has_record, methods=("GET", "POST"))
def part(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Ten statements, or the words on the last page; both buttons keep the answers."""
    sheet = _own_sheet(request, number)
    asked = questionnaire_of(sheet)
    last = -(-len(asked.items) // ITEMS_A_PAGE) + 1
    if sheet.finished_at or not 1 <= place <= last:
        raise Http404(_("There is no such page of the questionnaire."))
    form = _part_form(request, sheet, place, last)
    if form.is_valid():
        return _kept(request, sheet, form, place, last)
    context = {
        "form": form, "title": asked.title.in_language(get_language() or "lv"), "place": place, "last": last, "sheet": sheet,
        "instruction": asked.instruction.in_language(get_language() or "lv"), "answered": len(sheet.answers),
        "items": len(asked.items), "crumbs": _here(request, (_("Page %(place)s") % {"place": place}, "")),
    }
    return page(request, "careers/own/interests_part.html", context)


def _part_form(request: HttpRequest, sheet: InterestSheet, place: int, last: int) -> PartForm | WordsForm:
    asked = questionnaire_of(sheet)
    if place == last:
        label = _("Which of these words do you know?")
        return WordsForm(request.POST or None, asked=asked, label=label, known=sheet.words or [])
    first = (place - 1) * ITEMS_A_PAGE
    items = asked.items[first : first + ITEMS_A_PAGE]
    return PartForm(request.POST or None, asked=asked, items=items, known=sheet.answers)


def _kept(request: HttpRequest, sheet: InterestSheet, form: Any, place: int, last: int) -> HttpResponse:
    """Keep the page's answers and go where the button says."""
    account, data = account_of(request), form.cleaned_data
    words = data["words"] if place == last else None
    answer_interests(actor=account, sheet=sheet, given={} if place == last else data, words=words)
    if request.POST.get("go") == "back" and place > 1:
        return redirect("careers:interests-part", sheet.pk, place - 1)
    if request.POST.get("go") == "later":
        messages.success(request, _("Your answers are kept. Go on whenever you like."))
        return redirect("careers:interests")
    if place < last:
        return redirect("careers:interests-part", sheet.pk, place + 1)
    if try_to(finish_interests, request, _("Thank you. This is your result."), actor=account, sheet=sheet):
        return redirect("careers:interests-result", sheet.pk)
    return redirect("careers:interests-part", sheet.pk, place)


@allow(signed_in)
def result(request: HttpRequest, number: int) -> HttpResponse:
    """The result: to the person, and to counsellors while the person shows it."""
    account = account_of(request)
    visible = InterestSheet.objects.visible_to(account).finished().select_related("person")
    sheet = get_object_or_404(visible, pk=number)
    own = sheet.person_id == account.person_id
    if not own:
        log_look(sheet.person, reason="careers.interests", what=_("answers on interests"))
    asked, language = questionnaire_of(sheet), get_language() or "lv"
    context = {
        "sheet": sheet, "own": own, "reading": reading_of(sheet), "notice": asked.notice.in_language(language),
        "letters_note": occupations().note.in_language(language), "differences": usual_differences(),
        "seen": own and seen_by_counsellors(sheet.person),
        "crumbs": _here(request, (_("Result"), "")) if own else [(_("Home"), reverse("programme:home")), (_("Interests"), "")],
    }
    return page(request, "careers/own/interests_result.html", context)


@allow(has_record, methods=("POST",))
def share(request: HttpRequest, number: int) -> HttpResponse:
    """Show the result to the counsellors, or stop showing it."""
    sheet, shared = _own_sheet(request, number), request.POST.get("shared") == "yes"
    said = _("Your counsellors see the result now.") if shared else _("Your counsellors do not see the result any more.")
    try_to(share_interests, request, said, actor=account_of(request), sheet=sheet, shared=shared)
    return redirect("careers:interests-result", number) if sheet.finished_at else redirect("careers:interests")


@allow(has_record, methods=("POST",))
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """The answers are gone for good."""
    sheet = _own_sheet(request, number)
    try_to(delete_interests, request, _("Your answers are deleted."), actor=account_of(request), sheet=sheet)
    return redirect("careers:interests")
