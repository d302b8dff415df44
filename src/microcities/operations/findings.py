"""What is not as it should be, each with what to do about it; an empty list is an installation in good health."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.checks import run_checks
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcities.access.scanner import is_answering
from microcities.database.models import Upkeep, UpkeepKind
from microcities.operations.readings import Installation
from microcities.ui.components import StatusKind

# procrastinate writes a sign of life every ten seconds.
WORKER_SILENT = timedelta(minutes=2)
JOB_WAITS = timedelta(minutes=30)
BACKUP_OLD = timedelta(hours=30)  # one each night, and some hours of grace
TRIAL_OLD = timedelta(days=400)   # once a year, as the guide asks
CHECK_OLD = timedelta(days=35)    # once a month
SEAL_LATE = timedelta(minutes=30)
DISK_LOW_SHARE, DISK_LOW_BYTES = 0.10, 2 * 1024**3
CERTIFICATE_ENDS_SOON = timedelta(days=30)
# Django's warnings on a site without https; one sentence of ours says the same.
FOLLOW_FROM_HTTP = {"security.W004", "security.W008", "security.W011", "security.W012", "security.W016"}


@dataclass(frozen=True)
class Finding:
    """One thing: what is wrong, what to do, how bad it is (`bad` stops something, `warning` will), on which part."""

    part: str
    title: "str | Promise"
    remedy: "str | Promise"
    kind: StatusKind = "bad"


def findings(state: Installation) -> list[Finding]:
    """Everything of the running installation that needs the operator, the worst first; settings are read elsewhere."""
    now = timezone.now()
    found = [*_of_work(state, now), *_of_backups(state, now), *_of_checks(state, now), *_of_place(state)]
    return sorted(found, key=lambda each: each.kind != "bad")


def _of_work(state: Installation, now: datetime) -> Iterator[Finding]:
    if not worker_is_alive(state, now):
        yield Finding(
            "worker", _("The worker is not running"),
            _("No mail leaves, no list is read and nothing is sealed. Start microcities-worker and look at its journal."),
        )
    elif any(each.oldest_at is not None and now - each.oldest_at > JOB_WAITS for each in state.queues):
        yield Finding(
            "worker", _("Background work has waited for more than half an hour"),
            _("A long task may be under way; otherwise look at the journal of the worker."), "warning",
        )
    if count := state.failed_jobs:
        title = ngettext("%(count)s job has failed", "%(count)s jobs have failed", count) % {"count": count}
        yield Finding("failed", title, _("Remove the cause, then do it again, or set it aside."))
    if state.mail.failed:
        yield Finding(
            "mail", _("Letters could not be sent"),
            _("Look at the mail server and at MICROCITIES_SMTP_HOST and its neighbours among the settings."), "warning",
        )


def _of_backups(state: Installation, now: datetime) -> Iterator[Finding]:
    notes = state.upkeep
    good = notes.get("good backup")
    if good is None:
        yield Finding("backup", _("There is no backup yet"), _("Set up the nightly backup of the operator's guide."))
    elif now - good.at > BACKUP_OLD:
        yield Finding("backup", _("The last good backup is too old"), _("Look at the journal of microcities-backup."))
    if good is not None and _older(notes.get(UpkeepKind.TRIAL), now, TRIAL_OLD):
        yield Finding(
            "backup", _("Nobody has tried a restore within a year"),
            _("Restore a backup on another machine, run both checks there, and note the trial here."), "warning",
        )


def _of_checks(state: Installation, now: datetime) -> Iterator[Finding]:
    notes = state.upkeep
    names = {
        UpkeepKind.CHECK_TRAIL: (_("The trail does not hold"), _("The trail has not been checked for a month")),
        UpkeepKind.CHECK_EVIDENCE: (
            _("Figures differ from their records"), _("The figures have not been checked for a month"),
        ),
        UpkeepKind.CHECK_REPORTS: (
            _("An approved report was changed"), _("Approved reports have not been checked for a month"),
        ),
    }
    for kind, (broken, old) in names.items():
        note = notes.get(kind)
        if note is not None and not note.good:
            yield Finding("checks", broken, _("Keep the machine as it is, and tell the programme manager and the auditor."))
        elif _older(note, now, CHECK_OLD):
            command = f"microcities {kind.value.replace('_', ' ')}"
            yield Finding("checks", old, _("Run “%(command)s”.") % {"command": command}, "warning")
    since = state.unsealed_since
    if since is not None and now - since > SEAL_LATE:
        yield Finding(
            "checks", _("The trail waits to be sealed"), _("The worker seals it every five minutes: is it running?"),
            "warning",
        )


def _of_place(state: Installation) -> Iterator[Finding]:
    if state.database.pending:
        yield Finding("software", _("The database is older than the software"), _("Run “microcities migrate”."))
    disk = state.disk
    if disk.free < max(DISK_LOW_BYTES, disk.total * DISK_LOW_SHARE):
        yield Finding("software", _("The disk is nearly full"), _("Make room, or move backups to another disk."))


def worker_is_alive(state: Installation, now: datetime) -> bool:
    """Whether some worker has lately given a sign of life."""
    return state.worker_seen_at is not None and now - state.worker_seen_at <= WORKER_SILENT


def _older(note: Upkeep | None, now: datetime, limit: timedelta) -> bool:
    return note is None or now - note.at > limit


# --- how it is set up ---


def setting_findings() -> list[Finding]:
    """What the settings leave open: Django's own security checks, and what only this platform knows."""
    return [*_of_settings(), *_of_certificates(), *_of_django()]


def _of_settings() -> Iterator[Finding]:
    if settings.DEMO:
        yield Finding("settings", _("This is a demo"), _("Never keep data of real people in it."), "warning")
    if not settings.SECURE:
        yield Finding(
            "settings", _("The site's address does not begin with https"),
            _("Set MICROCITIES_SITE_URL to the address people type."), "warning",
        )
    if not settings.EMAIL_HOST:
        yield Finding(
            "settings", _("There is no mail server"),
            _("Letters are written to files and reach nobody. Set MICROCITIES_SMTP_HOST."), "warning",
        )
    if not is_answering():
        yield Finding(
            "settings", _("The virus scanner does not answer"),
            _("No file is taken until it does. Start clamd, or look at MICROCITIES_CLAMD."),
        )


def _of_certificates() -> Iterator[Finding]:
    soon = datetime.now(UTC) + CERTIFICATE_ENDS_SOON
    for name, certificate in _certificates(settings.SOCIALACCOUNT_PROVIDERS):
        ends = certificate.not_valid_after_utc
        if ends < soon:
            yield Finding(
                "settings", _("The certificate of the identity provider %(name)s ends soon") % {"name": name},
                _("Put the provider's new certificate into the file that the configuration names."), "warning",
            )


def _certificates(providers: Any) -> Iterator[tuple[str, x509.Certificate]]:
    """(name, certificate) of every SAML provider that is configured."""
    for app in providers.get("saml", {}).get("APPS", ()):
        yield app["name"], x509.load_der_x509_certificate(b64decode(app["settings"]["certificate"]))


def _of_django() -> Iterator[Finding]:
    known = set() if settings.SECURE else FOLLOW_FROM_HTTP
    for each in run_checks(tags=["security"], include_deployment_checks=True):
        if not each.is_silenced() and each.id not in known:
            yield Finding("settings", str(each.id), each.msg, "warning")


