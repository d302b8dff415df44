"""Where django-allauth asks us: our e-mails, our limits on guessing, and whose account a provider's answer is."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.signals import social_account_added
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from microcities.people.actions.accounts import account_of_code, remember_identity
from microcities.people.mail import letter
from microcities.people.models import Account
from microcities.people.second_factor import REAL_FACTORS, factors_changed, set_pending_step
from microcities.people.sign_in import account_of, forget_failures, must_wait, note_failure, note_success

BACK_FROM_PROVIDER = {"openid_connect_callback", "saml_finish_acs"}
authenticator_added.connect(factors_changed, dispatch_uid="people.second_factor.added")
authenticator_removed.connect(factors_changed, dispatch_uid="people.second_factor.removed")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and account mail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts to sign in to this account. Wait a quarter of an hour, or set a new password. "
            "Passkeys and identity providers work meanwhile."
        ),
    }

    def new_user(self, request: HttpRequest) -> Account:
        """A new account reads the language in which it was made."""
        return Account(language=translation.get_language() or settings.LANGUAGE_CODE)

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """An invitation proves the address it came to, and no other that somebody signs up with."""
        _keep_proof_of(request, form.cleaned_data.get("email", ""))
        saved: Account = super().save_user(request, user, form, commit)
        return saved

    def clean_email(self, email: str) -> str:
        """E-mail addresses are kept in small letters."""
        return str(super().clean_email(email)).lower()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse further guesses at an address that has had too many, before the password is looked at."""
        super().pre_authenticate(request, **credentials)
        if must_wait(credentials.get("email", "")):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failure(credentials.get("email", ""))

    def set_password(self, user: Account, password: str) -> None:
        """A new password ends the wait that failed guesses had caused."""
        super().set_password(user, password)
        forget_failures(user.email)

    def login(self, request: HttpRequest, user: Account) -> None:
        """Begin the session under a new key, and note what must be done before anything else."""
        super().login(request, user)
        note_success(request, user)
        set_pending_step(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """My work; whoever comes back from a provider reads it in the language of the account."""
        match = request.resolver_match
        if match is None or match.url_name not in BACK_FROM_PROVIDER:
            return reverse(settings.LOGIN_REDIRECT_URL)
        with translation.override(account_of(request).language):
            return reverse(settings.LOGIN_REDIRECT_URL)

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """allauth's own texts in our letter, in the language of the account where one is known."""
        user = context.get("user")
        language = getattr(user, "language", None) or translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            subject = render_to_string(f"{template_prefix}_subject.txt", context)
            text = render_to_string(f"{template_prefix}_message.txt", context)
        to = email if isinstance(email, str) else email[0]
        return letter(to=to, subject=subject, text=text, language=language, headers=headers)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Ties the answer of an identity provider to an account and its person."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account by the keyed hash of the personal code when this provider is new to it."""
        identity = getattr(sociallogin, "identity", None)
        if identity is None:
            return
        sociallogin.state["identity"] = identity.as_data()
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect" or not identity.code_hash:
            return
        account = account_of_code(bytes.fromhex(identity.code_hash))
        if account is not None:
            sociallogin.connect(request, account)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Account:
        """A new account through a provider gets the person that the provider vouches for."""
        _keep_proof_of(request, sociallogin.user.email)
        account: Account = super().save_user(request, sociallogin, form)
        _remember(account, sociallogin)
        return account

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Nothing of a provider's error is shown or logged: it may hold what the provider said of a person."""

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("socialaccount_connections")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets encrypted in the database, the last one of staff kept."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor. Add another one first, then remove this one."
        ),
    }

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows beside the code."""
        return f"microcities {settings.SITE_URL.partition('://')[2]}"

    def encrypt(self, text: str) -> str:
        """Encrypted with a key derived from the installation's secret (HKDF with SHA-256)."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """False for the only factor of an account that needs one."""
        account: Account = authenticator.user
        if not (settings.STAFF_NEED_SECOND_FACTOR and account.is_team):
            return True
        others = Authenticator.objects.filter(user=account, type__in=REAL_FACTORS).exclude(pk=authenticator.pk)
        return authenticator.type not in REAL_FACTORS or others.exists()


def _keep_proof_of(request: HttpRequest, email: str) -> None:
    """Drop the proof of an address that an opened invitation left, unless it is of this address."""
    adapter = AccountAdapter(request)
    if not adapter.is_email_verified(request, email):
        adapter.unstash_verified_email(request)


def _remember(account: Account, sociallogin: SocialLogin) -> None:
    identity = sociallogin.state.get("identity") or {}
    remember_identity(
        actor=account,
        account=account,
        code_hash=bytes.fromhex(identity.get("code_hash", "")) or None,
        given_name=identity.get("given_name", ""),
        family_name=identity.get("family_name", ""),
    )


def provider_added(sender: object, request: HttpRequest, sociallogin: SocialLogin, **kwargs: object) -> None:
    """Somebody signed in has added a provider: it may know the person's code; a receiver of allauth's signal."""
    _remember(sociallogin.user, sociallogin)


social_account_added.connect(provider_added, dispatch_uid="people.provider_added")


def _cipher() -> Fernet:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"microcities second factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
