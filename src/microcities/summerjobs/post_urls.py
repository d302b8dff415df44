"""Addresses of schemes, employers and posts."""

from django.urls import URLPattern, path

from microcities.summerjobs.views.posts import desk, hosts, posts, public

POSTS: list[URLPattern] = [
    path("", public.schemes, name="schemes"),
    path("new/", desk.scheme_new, name="scheme-new"),
    path("<int:number>/", public.scheme, name="scheme"),
    path("<int:number>/change/", desk.scheme_change, name="scheme-change"),
    path("<int:number>/desk/", desk.desk, name="scheme-desk"),
    path("<int:number>/periods/new/", desk.period_edit, name="period-new"),
    path("<int:number>/periods/<slug:code>/", desk.period_edit, name="period-change"),
    path("<int:number>/periods/<slug:code>/call-off/", desk.period_call_off, name="period-call-off"),
    path("<int:number>/money/<slug:code>/", desk.fund_edit, name="fund"),
    path("<int:number>/publish/", desk.scheme_step, {"step": "publish"}, name="scheme-publish"),
    path("<int:number>/close/", desk.scheme_step, {"step": "close"}, name="scheme-close"),
    path("<int:number>/join/", hosts.join, name="join"),
    path("employer/", hosts.employer, name="employer"),
    path("hosts/<int:number>/", hosts.host, name="host"),
    path("hosts/<int:number>/change/", hosts.host_change, name="host-change"),
    path("hosts/<int:number>/withdraw/", hosts.host_withdraw, name="host-withdraw"),
    path("hosts/<int:number>/decide/", hosts.host_decide, name="host-decide"),
    path("hosts/<int:number>/documents/new/", hosts.document_new, name="host-document-new"),
    path("hosts/<int:number>/supervisors/new/", hosts.supervisor_new, name="supervisor-new"),
    path("hosts/<int:number>/posts/new/", posts.post_new, name="post-new"),
    path("host-documents/<int:number>/", hosts.document, name="host-document"),
    path("host-documents/<int:number>/remove/", hosts.document_remove, name="host-document-remove"),
    path("posts/<int:number>/", public.post, name="post"),
    path("posts/<int:number>/change/", posts.post_change, name="post-change"),
    path("posts/<int:number>/offer/", posts.post_offer, name="post-offer"),
    path("posts/<int:number>/withdraw/", posts.post_withdraw, name="post-withdraw"),
    path("posts/<int:number>/approve/", posts.post_approve, name="post-approve"),
    path("posts/<int:number>/return/", posts.post_return, name="post-return"),
]
