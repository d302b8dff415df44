"""One settings file, read from the environment, so that an operator finds every switch in one place."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from microcities.database.settings import database_settings
from microcities.people.providers import read_providers

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("MICROCITIES_DATA", ".data")).resolve()


def flag(name: str, default: bool = False) -> bool:
    """True when the environment variable says 1, true, yes or on."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def names(name: str, default: str = "") -> list[str]:
    """The comma-separated words of an environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    """The whole number of an environment variable."""
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}. It is a whole number. Correct or remove it.")
    return int(value)


def kept_secret(name: str) -> str:
    """A secret from the environment, from the file NAME_FILE, or made once and kept in the data folder (0600)."""
    if value := os.environ.get(name):
        return value
    if named := os.environ.get(f"{name}_FILE"):
        return read_secret(Path(named), f"{name}_FILE names it.")
    path = DATA / "secrets" / name.lower()
    try:
        DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_secret(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {DATA} cannot be used ({error.strerror}: {error.filename}). Secrets are kept there. "
            "Run the command as its owner, or name another folder in MICROCITIES_DATA."
        ) from None
    return read_secret(path, "Secrets are kept there.")


def read_secret(path: Path, why: str) -> str:
    """A secret out of its file."""
    try:
        secret = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The secret {path} cannot be read ({error.strerror}). {why} Run the command as its owner, or name another."
        ) from None
    if not secret:
        raise ImproperlyConfigured(f"The secret {path} is empty. {why} Put it back from your copy.")
    return secret


def make_secret(path: Path) -> None:
    """Make a secret where there is none yet."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # another process made it between our two looks


DEMO = flag("MICROCITIES_DEMO")
DEBUG = False
SECRET_KEY = kept_secret("MICROCITIES_SECRET_KEY")
# Personal codes are kept only as HMAC-SHA-256 under this key; whoever changes it loses the matching of persons.
PERSON_HASH_KEY = kept_secret("MICROCITIES_PERSON_HASH_KEY")
# Whose law the installation follows: a country, a NUTS or LAU code. Checked against the rulebooks at start.
TERRITORY = os.environ.get("MICROCITIES_TERRITORY") or "LV"
SITE_URL = os.environ.get("MICROCITIES_SITE_URL", "http://127.0.0.1:8000")
SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = names("MICROCITIES_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SECURE else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "template_partials",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "microcities.database",
    "microcities.ui",
    "microcities.trail",
    "microcities.rulebooks",
    "microcities.access",
    "microcities.privacy",
    "microcities.people",
    "microcities.notices",
    "microcities.operations",
    "microcities.programme",
    "microcities.decisions",
    "microcities.evidence",
    "microcities.bookings",
    "microcities.events",
    "microcities.careers",
    "microcities.summerjobs",
    "microcities.participation",
    "microcities.results",
    "microcities.demo",
    # After ours: the templates of people replace allauth's of the same name.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]

MIDDLEWARE = [
    # The first three only add headers, so they stand outside of everything that may answer or refuse.
    "microcities.access.headers.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "microcities.access.public_pages.PublicPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "microcities.access.sessions.SessionLifetimeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "microcities.access.middleware.ClosedByDefaultMiddleware",
    "microcities.rulebooks.middleware.MissingRuleMiddleware",
]

ROOT_URLCONF = "microcities.urls"
ASGI_APPLICATION = None
WSGI_APPLICATION = "microcities.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = database_settings(dict(os.environ))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1000}},
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["microcities.ui.templatetags.ui", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "microcities.ui.shell.ui_shell",
                "microcities.programme.shell.programme",
            ],
        },
    }
]
FORM_RENDERER = "microcities.ui.forms.UiRenderer"

# --- Languages, time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "lv"
LANGUAGES = [("lv", _("Latvian")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["microcities.locale.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Riga"
USE_TZ = True

# Under which licence the published data may be used: a name of microcities.results.exports.licence. Empty: the proposal.
DATA_LICENCE = os.environ.get("MICROCITIES_DATA_LICENCE", "")
# An installation's own accessibility statement; empty is the one that comes with the software.
ACCESSIBILITY_STATEMENT = os.environ.get("MICROCITIES_ACCESSIBILITY_STATEMENT", "")
# Within so many days counsellors answer a question; later it is called overdue.
ANSWER_DAYS = number("MICROCITIES_ANSWER_DAYS", 5)

# --- Files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA / "files"), "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
# The socket of a ClamAV (path, or HOST:PORT) that looks at every upload; empty is no scanner.
CLAMD = os.environ.get("MICROCITIES_CLAMD", "")

# --- Accounts ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "microcities.people.passwords.NotAboutThisPlace"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work:list"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "microcities.people.forms.SignInForm"}
ACCOUNT_ADAPTER = "microcities.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "microcities.people.adapters.ProviderAdapter"
MFA_ADAPTER = "microcities.people.adapters.SecondFactorAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "signup": "20/h/ip"}
# Failed sign-ins to one address, counted in the database over all processes and all places they come from.
SIGN_IN_FAILURES_ALLOWED, SIGN_IN_FAILURES_WITHIN_MINUTES = 10, 15
INVITATION_DAYS = 14
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("MICROCITIES_BEHIND_PROXY") else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Only their hashes are kept, see people.recovery_codes.
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
# Demo accounts of staff may sign in without a second factor: everything in the demo is synthetic.
STAFF_NEED_SECOND_FACTOR = not DEMO
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = read_providers(os.environ.get("MICROCITIES_IDENTITY_PROVIDERS"))
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
SESSION_ENGINE = "microcities.people.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # seconds from sign-in, whatever happens in between
SESSION_IDLE_SECONDS = 2 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
# The prefix makes browsers refuse these cookies from anywhere but this very host over TLS.
COOKIE_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True

CSRF_FAILURE_VIEW = "microcities.ui.errors.csrf_failure"

# --- Security headers -----------------------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("MICROCITIES_BEHIND_PROXY") else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Mail, logs ---------------------------------------------------------------------------------------------------
EMAIL_BACKEND = os.environ.get(
    "MICROCITIES_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("MICROCITIES_SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend",
)
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_HOST = os.environ.get("MICROCITIES_SMTP_HOST", "")
EMAIL_PORT = number("MICROCITIES_SMTP_PORT", 587)
EMAIL_HOST_USER = os.environ.get("MICROCITIES_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MICROCITIES_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("MICROCITIES_SMTP_TLS", default=True)
DEFAULT_FROM_EMAIL = os.environ.get("MICROCITIES_MAIL_FROM", "microcities@localhost")
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MICROCITIES_LOG_LEVEL", "WARNING")},
    "loggers": {"microcities.security": {"level": "INFO"}},
}
