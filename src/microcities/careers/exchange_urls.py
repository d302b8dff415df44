"""Addresses of the exchange of encounters between schools and employers."""

from django.urls import URLPattern, path

from microcities.careers.views.exchange import offers, own, proposals, requests

EXCHANGE: list[URLPattern] = [
    path("exchange/offers/", offers.offers, name="exchange-offers"),
    path("exchange/offers/new/", offers.offer_new, name="exchange-offer-new"),
    path("exchange/offers/<int:number>/", offers.offer, name="exchange-offer"),
    path("exchange/offers/<int:number>/change/", offers.offer_change, name="exchange-offer-change"),
    path("exchange/offers/<int:number>/withdraw/", offers.offer_withdraw, name="exchange-offer-withdraw"),
    path("exchange/offers/<int:number>/take/", offers.take, name="exchange-take"),
    path("exchange/requests/", requests.requests, name="exchange-requests"),
    path("exchange/requests/<int:number>/", requests.school_request, name="exchange-request"),
    path("exchange/requests/<int:number>/withdraw/", requests.request_withdraw, name="exchange-request-withdraw"),
    path("exchange/requests/<int:number>/answer/", requests.answer, name="exchange-answer"),
    path("exchange/proposals/<int:number>/", proposals.proposal, name="exchange-proposal"),
    path("exchange/proposals/<int:number>/agree/", proposals.proposal_agree, name="exchange-proposal-agree"),
    path("exchange/proposals/<int:number>/reply/", proposals.proposal_reply, name="exchange-proposal-reply"),
    path("exchange/proposals/<int:number>/withdraw/", proposals.proposal_withdraw, name="exchange-proposal-withdraw"),
    *(
        path(f"exchange/proposals/<int:number>/{step}/", proposals.proposal_reasoned, {"step": step},
             name=f"exchange-proposal-{step}")
        for step in proposals.REASONED
    ),
    path("exchange/employer/", own.employer, name="exchange-employer"),
    path("exchange/employer/<uuid:public_id>/", own.terms, name="exchange-terms"),
    path("schools/<int:number>/exchange/", own.school, name="exchange-school"),
    path("schools/<int:number>/exchange/ask/", requests.ask, name="exchange-ask"),
]
