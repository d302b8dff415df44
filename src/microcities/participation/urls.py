"""Addresses of activities, participations and lists."""

from django.urls import path

from microcities.participation.views import activities, lists, records, summer

app_name = "participation"
urlpatterns = [
    path("activities/", activities.activities, name="activities"),
    path("activities/new/", activities.add, name="add_activity"),
    path("activities/<slug:code>/", activities.activity, name="activity"),
    path("activities/<slug:code>/change/", activities.change, name="change_activity"),
    path("activities/<slug:code>/summer/", summer.tie_summer, name="tie_summer"),
    path("schools/<int:number>/summer-work/", summer.experience, name="summer_experience"),
    path("participations/<int:number>/", records.record, name="record"),
    path("participations/<int:number>/confirm/", records.confirm, name="confirm"),
    path("participations/<int:number>/reject/", records.reject, name="reject"),
    path("participations/<int:number>/start/", records.start, name="start"),
    path("participations/<int:number>/complete/", records.complete, name="complete"),
    path("participations/<int:number>/drop-out/", records.drop_out, name="drop_out"),
    path("participations/enrol/<uuid:public_id>/", records.enrol, name="enrol"),
    path("lists/", lists.lists, name="lists"),
    path("lists/new/", lists.bring, name="bring"),
    path("lists/<int:number>/", lists.list_page, name="list"),
    path("lists/<int:number>/columns/", lists.columns, name="columns"),
    path("lists/<int:number>/apply/", lists.apply, name="apply"),
    path("lists/<int:number>/resume/", lists.resume, name="resume"),
    path("lists/<int:number>/discard/", lists.discard, name="discard"),
    path("lists/<int:number>/undo/", lists.undo, name="undo"),
    path("lists/<int:number>/confirm/", lists.confirm, name="confirm_list"),
]
