"""Addresses of draws and placements."""

from django.urls import URLPattern, path

from microcities.summerjobs.views.draws import draws, places, ranking

DRAWS: list[URLPattern] = [
    path("<int:number>/draws/", draws.draws, name="draws"),
    path("<int:number>/draws/freeze/", draws.freeze, name="draw-freeze"),
    path("<int:number>/placements/", places.placements, name="placements"),
    path("draws/<int:number>/", draws.draw, name="draw"),
    path("draws/<int:number>/input.json", draws.draw_file, name="draw-file"),
    path("draws/<int:number>/outlook/", draws.outlook, name="draw-outlook"),
    path("draws/<int:number>/seed/", draws.seed, name="draw-seed"),
    path("draws/<int:number>/run/", draws.step, {"name": "run"}, name="draw-run"),
    path("draws/<int:number>/publish/", draws.step, {"name": "publish"}, name="draw-publish"),
    path("draws/<int:number>/set-aside/", draws.set_aside, name="draw-set-aside"),
    path("placements/<uuid:number>/", places.offer, name="offer"),
    path("placements/<uuid:number>/accept/", places.answer, {"name": "accept"}, name="offer-accept"),
    path("placements/<uuid:number>/decline/", places.answer, {"name": "decline"}, name="offer-decline"),
    path("placements/<uuid:number>/withdraw/", places.withdraw, name="offer-withdraw"),
    path("placements/<uuid:number>/end/", places.end, name="offer-end"),
    path("posts/<int:number>/ranking/", ranking.ranking, name="post-ranking"),
]
