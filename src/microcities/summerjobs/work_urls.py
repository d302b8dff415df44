"""Addresses of days of work, incidents and feedback."""

from django.urls import URLPattern, path

from microcities.summerjobs.views.work import days

WORK: list[URLPattern] = [
    path("<int:number>/work/", days.desk, name="work-desk"),
    path("hosts/<int:number>/attendance/", days.attendance, name="attendance"),
    path("placements/<uuid:number>/days/", days.days, name="days"),
    path("placements/<uuid:number>/days/as-planned/", days.as_planned, name="days-as-planned"),
    path("placements/<uuid:number>/days/<slug:on>/", days.day, name="day"),
    path("placements/<uuid:number>/incident/", days.incident_new, name="incident-new"),
    path("placements/<uuid:number>/feedback/<slug:party>/", days.feedback, name="feedback"),
    path("incidents/<int:number>/close/", days.incident_close, name="incident-close"),
]
