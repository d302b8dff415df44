"""A notice as an e-mail, with the one-click unsubscription of RFC 8058 for what is not service mail."""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from microcities.notices.kinds import kind_of
from microcities.notices.models import Notice
from microcities.people.mail import absolute_url, address_of, letter
from microcities.people.models import Account

SALT = "notices.unsubscribe"


def compose(notice: Notice) -> EmailMultiAlternatives:
    """The e-mail of a notice; its Message-ID is the same at every try."""
    to = notice.account.email if notice.account is not None else notice.email
    unsubscribe_url = ""
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    headers = {"Message-ID": f"<notice-{notice.public_id}@{host}>"}
    if notice.account is not None and not kind_of(notice.kind).service:
        token = unsubscribe_token(notice.account, notice.kind)
        unsubscribe_url = address_of(notice.language, "notices:unsubscribe", token)
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with translation.override(notice.language):
        button = (_("Open in the platform"), absolute_url(notice.url)) if notice.url else None
    return letter(
        to=to,
        subject=notice.subject,
        text=notice.text,
        language=notice.language,
        button=button,
        unsubscribe_url=unsubscribe_url,
        headers=headers,
    )


def unsubscribe_token(account: Account, kind: str) -> str:
    """A signed token that says which account refuses which kind; it never expires, as the mail does not."""
    return signing.dumps([account.pk, kind], salt=SALT)


def read_unsubscribe_token(token: str) -> tuple[int, str]:
    """The account's number and the kind; raises django.core.signing.BadSignature."""
    account_id, kind = signing.loads(token, salt=SALT)
    return int(account_id), str(kind)
