"""What the actions and looks of this app are called on the pages of the trail."""

from django.utils.translation import gettext_lazy as _

from microcities.careers.exchange_rules import may_give_encounters
from microcities.careers.rules import may_compare_schools, may_give_guidance, may_open_schools
from microcities.privacy.rules import has_record
from microcities.trail.reading import name_verb
from microcities.ui.shell import register_nav

VERBS = {
    "careers.add_school": _("added a school"),
    "careers.change_school": _("corrected a school"),
    "careers.found_class": _("made a class"),
    "careers.change_class": _("changed a class"),
    "careers.write_programme": _("wrote a careers programme"),
    "careers.publish_programme": _("published a careers programme"),
    "careers.interpret_criterion": _("said how a criterion is read for a pupil"),
    "careers.end_interpretation": _("ended how a criterion is read for a pupil"),
    "careers.enrol": _("took a pupil into a class"),
    "careers.move_to_class": _("moved a pupil to another class"),
    "careers.hand_over": _("handed a pupil over to another school"),
    "careers.leave": _("recorded that a pupil left"),
    "careers.roll_over": _("began the next school year"),
    "careers.apply_class_list": _("applied a class list"),
    "careers.undo_class_list": _("took a class list back"),
    "careers.record_encounter": _("recorded an encounter"),
    "careers.record_from_event": _("recorded an encounter from an event"),
    "careers.read_attendance_again": _("took an event's attendance over again"),
    "careers.change_encounter": _("changed an encounter"),
    "careers.add_pupils": _("added pupils to an encounter"),
    "careers.mark_attendance": _("marked who was at an encounter"),
    "careers.confirm_reading": _("read the careers record"),
    "careers.receive_record": _("received the record of the school before"),
    "careers.offer_guidance": _("offered a guidance talk"),
    "careers.book_guidance": _("booked a guidance talk"),
    "careers.move_guidance": _("moved a guidance talk"),
    "careers.cancel_guidance": _("cancelled a guidance talk"),
    "careers.decline_guidance": _("declined a guidance talk"),
    "careers.miss_guidance": _("recorded a missed guidance talk"),
    "careers.hold_guidance": _("recorded a guidance talk"),
    "careers.record_talk": _("recorded a guidance talk that was not booked"),
    "careers.change_notes": _("corrected the notes of a talk"),
    "careers.seal_note": _("wrote a counsellor's own note"),
    "careers.hand_on_note": _("handed a counsellor's own note on"),
    "careers.disclose_note": _("gave a counsellor's own note out to the person"),
    "careers.sealed_note": _("a counsellor's own note"),
    "careers.own_record": _("a child's careers page"),
    "careers.talk": _("a guidance talk"),
    "careers.open_to_booking": _("opened booking of talks"),
    "careers.set_weekly_hours": _("set the hours for talks"),
    "careers.begin_interests": _("began the questionnaire on interests"),
    "careers.answer_interests": _("answered on interests"),
    "careers.finish_interests": _("finished the questionnaire on interests"),
    "careers.share_interests": _("decided whether counsellors see the interests"),
    "careers.change": _("changed a pupil's place at school"),
    "careers.delete_interests": _("deleted answers on interests"),
    "careers.interests": _("answers on interests"),
    "careers.write_plan": _("wrote a career plan"),
    "careers.add_plan_step": _("added a step to a career plan"),
    "careers.finish_plan_step": _("noted whether a step of a career plan is done"),
    "careers.remove_plan_step": _("removed a step of a career plan"),
    "careers.share_plan": _("decided whether counsellors see a career plan"),
    "careers.delete_plan": _("deleted a career plan"),
    "careers.add_plan_document": _("added a document to a career plan"),
    "careers.remove_plan_document": _("removed a document of a career plan"),
    "careers.plan": _("a career plan"),
    "careers.ask_question": _("asked the counsellors"),
    "careers.write_again": _("wrote on in a question"),
    "careers.answer_question": _("answered a question"),
    "careers.close_question": _("closed a question"),
    "careers.question": _("a question to counsellors"),
    "careers.hand_on": _("handing a note on"),
    "careers.add_study": _("entered a study programme"),
    "careers.change_study": _("changed a study programme"),
    "careers.withdraw_study": _("said whether a study programme is offered"),
    "careers.compute_norms": _("computed norms of interests"),
    "careers.set_exchange_terms": _("said how schools may ask an employer"),
    "careers.make_offer": _("offered an encounter"),
    "careers.change_offer": _("changed an offer of an encounter"),
    "careers.withdraw_offer": _("withdrew an offer of an encounter"),
    "careers.ask_for_encounter": _("asked employers for an encounter"),
    "careers.withdraw_request": _("withdrew a request for an encounter"),
    "careers.answer_request": _("answered a school's request"),
    "careers.refuse_request": _("refused a school's request"),
    "careers.take_places": _("took places of an employer's offer"),
    "careers.reply": _("answered a school's proposal"),
    "careers.agree": _("agreed on an encounter"),
    "careers.decline_proposal": _("declined a proposal for an encounter"),
    "careers.withdraw_proposal": _("withdrew a proposal for an encounter"),
    "careers.call_off": _("called off an agreed encounter"),
    "careers.record_destination": _("recorded a destination"),
    "careers.record_training": _("recorded staff training"),
    "careers.record_feedback": _("recorded a round of feedback"),
    "careers.record_evidence": _("recorded what a school did"),
    "careers.record_qualification": _("recorded a counsellor's qualification"),
}

for verb, words in VERBS.items():
    name_verb(verb, words)

register_nav("main", _("Schools"), "careers:schools", 37, rule=may_open_schools)
register_nav("main", _("Benchmarks by city"), "careers:cities", 38, rule=may_compare_schools)
register_nav("main", _("Guidance"), "careers:talks", 36, rule=may_give_guidance)
register_nav("main", _("Study paths"), "careers:study-paths", 26)
register_nav("main", _("Employers' offers"), "careers:exchange-offers", 39, rule=may_open_schools)
register_nav("main", _("Encounters with schools"), "careers:exchange-employer", 34, rule=may_give_encounters)
register_nav("main", _("Schools ask"), "careers:exchange-requests", 35, rule=may_give_encounters)
register_nav("account", _("My career"), "careers:mine", 12, rule=has_record)
