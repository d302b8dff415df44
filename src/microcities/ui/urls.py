"""The address of the gallery; whoever includes it says that it is public."""

from django.urls import path

from microcities.ui import views

app_name = "ui"
urlpatterns = [path("", views.gallery, name="gallery")]
