"""Persons, each once, and what ties them to organisations, guardians and consents."""

import uuid
from datetime import date
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.database.expressions import LatvianKey, SlipKeys
from microcities.people.models.organisations import Organisation
from microcities.people.queries import (
    NAME_KEY,
    ConsentQuerySet,
    GuardianshipQuerySet,
    PersonQuerySet,
    RegistrationQuerySet,
)
from microcities.privacy.declarations import AboutPerson, Basis, OnErasure, Purpose, personal

IDENTIFY: dict[str, Any] = {"purpose": Purpose.IDENTIFY}
CONTACT: dict[str, Any] = {"purpose": Purpose.CONTACT}


class Sex(models.TextChoices):
    """Sex as reports break people down by it; `unknown` is a value of its own, never a guess."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not known")


class Person(models.Model):
    """A person, once. Whoever is found to be another record's person points to it by `merged_into`."""

    privacy = AboutPerson(path="", impersonal=("id", "public_id", "merged_into", "erased_at", "created_at"))

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    given_name = personal(models.CharField(_("given name"), max_length=120, blank=True), **IDENTIFY)
    family_name = personal(models.CharField(_("family name"), max_length=120, blank=True), **IDENTIFY)
    birth_on = personal(
        models.DateField(_("date of birth"), null=True, blank=True), **IDENTIFY, on_erasure=OnErasure.COARSEN
    )
    sex = personal(
        models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN),
        purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP,
    )
    email = personal(models.EmailField(_("e-mail"), blank=True), **CONTACT)
    phone = personal(models.CharField(_("telephone"), max_length=32, blank=True), **CONTACT)
    language = personal(
        models.CharField(_("language of letters"), max_length=8, default="lv"), **CONTACT, on_erasure=OnErasure.KEEP
    )
    country = personal(
        models.CharField(_("country of citizenship"), max_length=2, blank=True),
        purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP,
    )
    place = personal(
        models.CharField(_("place of residence"), max_length=40, blank=True),
        purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP,
    )
    # HMAC-SHA-256 of the personal code under a key outside the database; the code itself is never stored.
    code_hash = personal(
        models.BinaryField(_("hash of the personal code"), null=True, editable=False), **IDENTIFY, in_export=False
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        # Finds a name among 100,000 in milliseconds, also with a letter wrong; see PersonQuerySet.named.
        indexes = [
            GinIndex(OpClass(NAME_KEY, "gin_trgm_ops"), name="person_name_search"),
            GinIndex(SlipKeys(NAME_KEY), name="person_name_slips"),
            models.Index(
                LatvianKey("family_name"), LatvianKey("given_name"), "id", name="person_in_latvian_order"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code_hash"],
                condition=Q(code_hash__isnull=False, merged_into__isnull=True),
                name="person_one_per_code",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_not_merged_into_itself"),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="person_sex_known_value"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(given_name="", family_name="", email="", phone="", code_hash__isnull=True),
                name="person_erased_is_unreadable",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or words that say the person has been erased."""
        if self.erased_at:
            return str(_("Erased person"))
        return f"{self.given_name} {self.family_name}".strip() or str(_("Person without a name"))

    def age_on(self, day: date) -> int | None:
        """Completed years on a day; None when the date of birth is not known. 29 February counts from 1 March."""
        if self.birth_on is None:
            return None
        return day.year - self.birth_on.year - ((day.month, day.day) < (self.birth_on.month, self.birth_on.day))


class Registration(models.Model):
    """An organisation knows a person, under the organisation's own reference: the reason it may see the record."""

    privacy = AboutPerson(path="person", impersonal=("id", "person", "organisation"))

    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="registrations")
    local_reference = personal(
        models.CharField(_("the organisation's own reference"), max_length=60, blank=True), **IDENTIFY
    )
    since = personal(
        models.DateField(_("known since")), purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration at an organisation")
        verbose_name_plural = _("registrations at organisations")
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="registration_once"),
            models.UniqueConstraint(
                fields=["organisation", "local_reference"],
                condition=~Q(local_reference=""),
                name="registration_reference_once",
            ),
        ]


class Guardianship(models.Model):
    """A guardian of a minor, with the proof that somebody saw."""

    privacy = AboutPerson(
        path="ward",
        impersonal=("id", "guardian", "ward", "confirmed_by_id", "confirmed_at"),
        shared_with=("guardian",),
    )

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="guardianships_as_guardian")
    ward = models.ForeignKey(Person, models.PROTECT, related_name="guardianships_as_ward")
    proof = personal(models.CharField(_("proof seen"), max_length=200), purpose=Purpose.PROTECT_MINORS)
    valid_from = personal(
        models.DateField(_("from")), purpose=Purpose.PROTECT_MINORS, on_erasure=OnErasure.KEEP
    )
    valid_to = personal(
        models.DateField(_("to"), null=True, blank=True), purpose=Purpose.PROTECT_MINORS, on_erasure=OnErasure.KEEP
    )
    confirmed_by_id = models.BigIntegerField()
    confirmed_at = models.DateTimeField(db_default=models.functions.Now())

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(fields=["guardian", "ward", "valid_from"], name="guardianship_once"),
            models.CheckConstraint(condition=~Q(guardian=F("ward")), name="guardianship_of_another"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="guardianship_dates"
            ),
        ]


PROOF: dict[str, Any] = {
    "purpose": Purpose.ACCOUNT_FOR, "basis": Basis.LEGAL_DUTY, "on_erasure": OnErasure.KEEP,
}


class Consent(models.Model):
    """Consent to one purpose, given by the person or a guardian on a text of a known version; withdrawable.

    The words that were shown are kept as proof (Article 7(1) GDPR); they are the same for everybody.
    """

    privacy = AboutPerson(
        path="person", impersonal=("id", "person", "given_by", "language"), shared_with=("given_by",)
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="consents_given")
    purpose = personal(models.CharField(_("consent"), max_length=60), **PROOF)
    text_version = personal(models.CharField(_("version of the text"), max_length=40), **PROOF)
    text = personal(models.TextField(_("the words that were shown")), **PROOF)
    language = models.CharField(_("language"), max_length=8)
    given_at = personal(models.DateTimeField(_("given")), **PROOF)
    valid_to = personal(models.DateField(_("runs until"), null=True, blank=True), **PROOF)
    withdrawn_at = personal(models.DateTimeField(_("withdrawn"), null=True, blank=True), **PROOF)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")), name="consent_order"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="consent_keeps_its_words"),
        ]

    def runs_on(self, day: date) -> bool:
        """True while it is neither withdrawn nor run out."""
        return self.withdrawn_at is None and (self.valid_to is None or self.valid_to >= day)
