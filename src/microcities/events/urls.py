"""Addresses of events."""

from django.urls import path

from microcities.events.views import attendance, details, door, feedback, feeds, organising, public, registering, registrations

app_name = "events"
urlpatterns = [
    path("", public.events, name="list"),
    path("month/<int:year>-<int:month>/", public.month, name="month"),
    path("places/", public.places, name="places"),
    path("calendar.ics", feeds.public_feed, name="public-feed"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<str:secret>.ics", feeds.personal_feed, name="personal-feed"),
    path("mine/", registrations.mine, name="mine"),
    path("registrations/<int:number>/", registrations.registration, name="registration"),
    path("registrations/<int:number>/tickets/", registrations.tickets, name="tickets"),
    path("registrations/<int:number>/cancel/", registrations.cancel, name="cancel-registration"),
    path("registrations/<int:number>/accept/", registrations.accept, name="accept"),
    path("registrations/<int:number>/decline/", registrations.decline, name="decline"),
    path("registrations/<int:number>/move/", registrations.move, name="move"),
    path("registrations/<int:number>/remove/<int:attendee>/", registrations.remove, name="remove"),
    path("feedback/<int:number>/", feedback.feedback, name="feedback"),
    path("run/", organising.run, name="run"),
    path("run/new/", organising.new, name="new"),
    path("run/<uuid:uid>/", organising.run_event, name="run-event"),
    path("run/<uuid:uid>/change/", organising.change, name="change"),
    path("run/<uuid:uid>/cancel/", organising.cancel, name="cancel"),
    path("run/<uuid:uid>/publish/", organising.publish, name="publish"),
    path("run/<uuid:uid>/delete/", organising.delete, name="delete"),
    path("run/<uuid:uid>/questions/", details.questions, name="questions"),
    path("run/<uuid:uid>/hosts/", details.hosts, name="hosts"),
    path("run/<uuid:uid>/hosts/<int:number>/remove/", details.host_remove, name="host-remove"),
    path("run/<uuid:uid>/people/", attendance.people, name="people"),
    path("run/<uuid:uid>/print/", attendance.print_list, name="print"),
    path("run/<uuid:uid>/attendance/", attendance.attendance, name="attendance"),
    path("run/<uuid:uid>/check-in/", attendance.code_entry, name="check-in"),
    path("run/<uuid:uid>/check-in/tickets.json", door.tickets, name="door-tickets"),
    path("run/<uuid:uid>/check-in/scans.json", door.scans, name="door-scans"),
    path("run/<uuid:uid>/check-in/<str:code>/", attendance.code_page, name="check-in-code"),
    path("run/<uuid:uid>/noted/", attendance.noted, name="noted"),
    path("run/<uuid:uid>/feedback/", feedback.feedback_summary, name="feedback-summary"),
    path("<uuid:uid>/", public.event, name="event"),
    path("<uuid:uid>/event.ics", feeds.event_feed, name="event-feed"),
    path("<uuid:uid>/register/", registering.register, name="register"),
]
