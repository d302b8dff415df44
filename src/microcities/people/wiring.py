"""Ties this app to the signals and classes of libraries, once all apps are there."""

from django.contrib.auth.signals import user_logged_in

from microcities.people.recovery_codes import keep_codes_hashed
from microcities.people.sign_in import note_device

user_logged_in.connect(note_device, dispatch_uid="people.device")
keep_codes_hashed()
