"""What actions and looks on schemes, employers and posts are called on the pages of the trail, and how a post stands."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.summerjobs.models import Post
from microcities.summerjobs.rules import may_offer_posts
from microcities.ui.components import StatusKind
from microcities.ui.shell import register_nav

VERBS: dict[str, str | Promise] = {
    "summerjobs.open_scheme": _("opened a summer scheme"),
    "summerjobs.change_scheme": _("changed a summer scheme"),
    "summerjobs.set_period": _("set a period of a summer scheme"),
    "summerjobs.call_off_period": _("called a period of a summer scheme off"),
    "summerjobs.set_fund": _("set the money of a summer scheme"),
    "summerjobs.publish_scheme": _("published a summer scheme"),
    "summerjobs.close_scheme": _("closed a summer scheme"),
    "summerjobs.join_scheme": _("took part in a summer scheme as an employer"),
    "summerjobs.change_host": _("changed an employer's papers"),
    "summerjobs.withdraw_host": _("withdrew an employer from a summer scheme"),
    "summerjobs.approve_host": _("approved an employer of a summer scheme"),
    "summerjobs.refuse_host": _("refused an employer of a summer scheme"),
    "summerjobs.add_host_document": _("added a document of an employer"),
    "summerjobs.remove_host_document": _("removed a document of an employer"),
    "summerjobs.name_supervisor": _("named a supervisor of pupils"),
    "summerjobs.make_post": _("wrote a summer post"),
    "summerjobs.change_post": _("changed a summer post"),
    "summerjobs.offer_post": _("offered a summer post"),
    "summerjobs.withdraw_post": _("withdrew a summer post"),
    "summerjobs.approve_post": _("approved a summer post"),
    "summerjobs.return_post": _("returned a summer post with a question"),
}
POST_KINDS: dict[str, StatusKind] = {
    "draft": "neutral", "offered": "info", "approved": "good", "returned": "warning", "withdrawn": "neutral",
}

register_nav("main", _("Summer work"), "summerjobs:schemes", 27)
register_nav("main", _("My summer posts"), "summerjobs:employer", 33, rule=may_offer_posts)


def post_word(post: Post) -> tuple[str, StatusKind]:
    """How a post stands, with the kind of its badge."""
    return post.get_state_display(), POST_KINDS[post.state]
