"""Addresses of summer employment."""

from django.urls import URLPattern

from microcities.summerjobs.agreement_urls import AGREEMENTS
from microcities.summerjobs.application_urls import APPLICATIONS
from microcities.summerjobs.claim_urls import CLAIMS
from microcities.summerjobs.draw_urls import DRAWS
from microcities.summerjobs.post_urls import POSTS
from microcities.summerjobs.work_urls import WORK

app_name = "summerjobs"
urlpatterns: list[URLPattern] = [*POSTS, *APPLICATIONS, *DRAWS, *AGREEMENTS, *WORK, *CLAIMS]
