"""Addresses of career support."""

from django.urls import URLPattern, path

from microcities.careers.views.own import booking, interests, plan, record
from microcities.careers.views.schools import class_lists, classes, comparing, dashboard, encounters, records
from microcities.careers.views.talks import lists, sealed, talk

SCHOOLS: list[URLPattern] = [
    path("schools/", dashboard.schools, name="schools"),
    path("schools/<int:number>/", dashboard.school, name="school"),
    path("schools/<int:number>/report.pdf", dashboard.report, name="report"),
    path("schools/<int:number>/criteria/<str:code>/", dashboard.criterion, name="criterion"),
    path("schools/<int:number>/pupils/", dashboard.heat, name="heat"),
    path("schools/<int:number>/classes/", classes.classes, name="classes"),
    path("schools/<int:number>/classes/new/", classes.class_new, name="class-new"),
    path("schools/<int:number>/next-year/", classes.next_year, name="next-year"),
    path("schools/<int:number>/class-lists/", class_lists.class_lists, name="class-lists"),
    path("schools/<int:number>/class-lists/bring/", class_lists.bring, name="bring-class-list"),
    path("schools/<int:number>/class-lists/apply/", class_lists.apply, name="apply-class-list"),
    path("schools/<int:number>/encounters/", encounters.encounters, name="encounters"),
    path("schools/<int:number>/encounters/new/", encounters.encounter_new, name="encounter-new"),
    path("schools/<int:number>/encounters/from-event/", encounters.encounter_from_event, name="encounter-from-event"),
    path("schools/<int:number>/programme/", records.programme, name="programme"),
    path("schools/<int:number>/programme/write/", records.programme_write, name="programme-write"),
    path("schools/<int:number>/programme/publish/", records.programme_publish, name="programme-publish"),
    path("schools/<int:number>/records/<slug:kind>/", records.records, name="records"),
    path("schools/<int:number>/records/<slug:kind>/new/", records.record_new, name="record-new"),
    path("readings/<int:number>/end/", records.end_reading, name="end-reading"),
    path("class-lists/<int:number>/undo/", class_lists.undo, name="undo-class-list"),
    path("classes/<int:number>/", classes.class_page, name="class"),
    path("classes/<int:number>/change/", classes.class_change, name="class-change"),
    path("classes/<int:number>/pupils/new/", classes.class_enrol, name="class-enrol"),
    path("enrolments/<int:number>/", classes.enrolment, name="enrolment"),
    *(
        path(f"enrolments/<int:number>/{step}/", classes.enrolment_step, {"step": step}, name=f"enrolment-{step}")
        for step in classes.STEPS
    ),
    path("encounters/<int:number>/", encounters.encounter, name="encounter"),
    path("encounters/<int:number>/change/", encounters.encounter_change, name="encounter-change"),
    path("encounters/<int:number>/pupils/", encounters.encounter_pupils, name="encounter-pupils"),
    path("encounters/<int:number>/attendance/", encounters.encounter_attendance, name="encounter-attendance"),
    path("encounters/<int:number>/again/", encounters.encounter_again, name="encounter-again"),
    path("cities/", comparing.cities, name="cities"),
    path("stem/", comparing.stem, name="stem"),
    path("given/", comparing.given_list, name="given-list"),
    path("given/<uuid:public_id>/", comparing.given, name="given"),
]
PUPILS: list[URLPattern] = [
    path("mine/", record.mine, name="mine"),
    path("mine/career-plan/", plan.plan, name="career-plan"),
    path("mine/career-plan/goal/", plan.goal, name="career-plan-goal"),
    path("mine/career-plan/steps/new/", plan.step_new, name="career-plan-step"),
    path("mine/career-plan/steps/<int:number>/done/", plan.step_done, name="career-plan-step-done"),
    path("mine/career-plan/steps/<int:number>/remove/", plan.step_remove, name="career-plan-step-remove"),
    path("mine/career-plan/share/", plan.share, name="career-plan-share"),
    path("mine/career-plan/delete/", plan.delete, name="career-plan-delete"),
    path("career-plans/<int:number>/", plan.shown_plan, name="shown-plan"),
    path("mine/<uuid:reference>/", record.mine, name="record"),
    path("mine/<uuid:reference>/read/", record.confirm, name="confirm-reading"),
    path("mine/<uuid:reference>/record.pdf", record.document, name="record-document"),
    path("mine/<uuid:reference>/plan/", record.intend, name="intend"),
    path("mine/<uuid:reference>/book/", booking.book, name="book"),
    path("mine/talks/<int:number>/", booking.talk, name="own-talk"),
    path("mine/talks/<int:number>/move/", booking.move, name="move-own-talk"),
    path("mine/talks/<int:number>/cancel/", booking.cancel, name="cancel-own-talk"),
    path("mine/talks/<int:number>/decline/", booking.decline, name="decline-own-talk"),
    path("mine/interests/", interests.interests, name="interests"),
    path("mine/interests/begin/", interests.begin, name="interests-begin"),
    path("mine/interests/<int:number>/", interests.result, name="interests-result"),
    path("mine/interests/<int:number>/<int:place>/", interests.part, name="interests-part"),
    path("mine/interests/<int:number>/share/", interests.share, name="interests-share"),
    path("mine/interests/<int:number>/delete/", interests.delete, name="interests-delete"),
    path("talks/", lists.talks, name="talks"),
    path("talks/hours/", lists.hours, name="hours"),
    path("talks/hours/new/", lists.open_hours, name="open-hours"),
    path("talks/hours/<int:number>/", lists.set_hours, name="set-hours"),
    path("talks/<int:number>/", talk.talk, name="talk"),
    path("talks/<int:number>/hold/", talk.hold, name="hold"),
    path("talks/<int:number>/notes/", talk.notes, name="notes"),
    path("talks/<int:number>/move/", talk.move, name="move-talk"),
    path("talks/<int:number>/cancel/", talk.cancel, name="cancel-talk"),
    path("talks/<int:number>/missed/", talk.missed, name="missed"),
    path("talks/<int:number>/declined/", talk.declined, name="declined"),
    path("talks/<int:number>/note/", sealed.note, name="note"),
    path("talks/<int:number>/note/hand-on/", sealed.hand_on, name="hand-on"),
    path("talks/<int:number>/note/give-out/", sealed.give_out, name="give-out"),
    path("talks/offer/<uuid:reference>/", talk.offer, name="offer"),
    path("talks/record/<uuid:reference>/", talk.record, name="record-talk"),
]

app_name = "careers"
urlpatterns = [*SCHOOLS, *PUPILS]
