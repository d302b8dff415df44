"""Offers, requests and proposals. No more agreed places than an offer has, or a request asks for: a sum that a trigger holds.

It locks the offer or request first, so two who agree at the same time are added up one after the other. (READ COMMITTED, as
everywhere here: the sum sees what was committed while it waited for the lock.)
"""


import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


PLACES = """
CREATE FUNCTION careers_proposal_within_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_places integer;
    v_agreed integer;
BEGIN
    IF NEW.offer_id IS NOT NULL THEN
        SELECT places INTO v_places FROM careers_encounteroffer WHERE id = NEW.offer_id FOR NO KEY UPDATE;
    ELSE
        SELECT pupils INTO v_places FROM careers_encounterrequest WHERE id = NEW.request_id FOR NO KEY UPDATE;
    END IF;
    SELECT coalesce(sum(places), 0) INTO v_agreed FROM careers_proposal
    WHERE state = 'agreed' AND id <> NEW.id AND (offer_id = NEW.offer_id OR request_id = NEW.request_id);
    IF v_agreed + NEW.places > v_places THEN
        RAISE EXCEPTION '% places beside % agreed ones are more than the % there are', NEW.places, v_agreed, v_places
            USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_within_places';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER careers_proposal_within_places BEFORE INSERT OR UPDATE OF state, places, offer_id, request_id
    ON careers_proposal FOR EACH ROW WHEN (NEW.state = 'agreed') EXECUTE FUNCTION careers_proposal_within_places();

CREATE FUNCTION careers_offer_places_for_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.places < (SELECT coalesce(sum(places), 0) FROM careers_proposal WHERE offer_id = NEW.id AND state = 'agreed') THEN
        RAISE EXCEPTION 'offer % has more places agreed than %', NEW.id, NEW.places
            USING ERRCODE = 'check_violation', CONSTRAINT = 'offer_places_for_agreed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER careers_offer_places_for_agreed BEFORE UPDATE OF places ON careers_encounteroffer FOR EACH ROW
    WHEN (NEW.places < OLD.places) EXECUTE FUNCTION careers_offer_places_for_agreed();
"""

BACKWARD = """
DROP TRIGGER careers_offer_places_for_agreed ON careers_encounteroffer;
DROP TRIGGER careers_proposal_within_places ON careers_proposal;
DROP FUNCTION careers_offer_places_for_agreed();
DROP FUNCTION careers_proposal_within_places();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('careers', '0004_career_plan'),
        ('people', '0008_employer_role'),
        ('programme', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExchangeTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paused_until', models.DateField(blank=True, null=True, verbose_name='ask us nothing until')),
                ('sector', models.CharField(blank=True, max_length=1, verbose_name='sector (letter of NACE)')),
                ('size', models.CharField(blank=True, choices=[('self_employed', 'self-employed'), ('micro', 'up to 9 employees'), ('small', '10 to 49 employees'), ('medium', '50 to 249 employees'), ('large', '250 employees or more')], default='', max_length=13, verbose_name='size')),
                ('cities', models.ManyToManyField(blank=True, related_name='+', to='programme.city', verbose_name='requests from schools in')),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='exchange_terms', to='people.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'terms of an employer',
                'verbose_name_plural': 'terms of employers',
                'constraints': [models.CheckConstraint(condition=models.Q(('sector__regex', '^[A-V]?$')), name='exchange_terms_sector'), models.CheckConstraint(condition=models.Q(('size__in', ['', 'self_employed', 'micro', 'small', 'medium', 'large'])), name='exchange_terms_size_known')],
            },
        ),
        migrations.CreateModel(
            name='EncounterOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('employer', 'meeting with an employer'), ('workplace', 'experience of a workplace'), ('provider', 'meeting with a place of study'), ('lmi_accessed', 'labour-market information read'), ('lmi_used', 'labour-market information used in a decision'), ('guardian_lmi', 'labour-market information for parents'), ('subject', 'careers in a subject lesson'), ('stereotypes', 'against stereotypes and barriers'), ('other', 'other career activity')], max_length=12, verbose_name='kind')),
                ('way', models.CharField(choices=[('talk', 'talk with a class'), ('visit', 'visit to the workplace'), ('shadow', 'hours beside somebody at work'), ('mentor', 'mentor of pupils'), ('task', 'task or project from the employer')], max_length=6, verbose_name='how')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('about', models.TextField(max_length=4000, verbose_name='what pupils do')),
                ('outcomes', models.TextField(max_length=2000, verbose_name='what pupils learn by it')),
                ('sector', models.CharField(blank=True, max_length=1, verbose_name='sector (letter of NACE)')),
                ('is_stem', models.BooleanField(default=False, verbose_name='about science, technology, engineering or mathematics')),
                ('youngest', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='age from')),
                ('oldest', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='age to')),
                ('places', models.PositiveSmallIntegerField(verbose_name='places')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='hours for each pupil')),
                ('from_on', models.DateField(verbose_name='possible from')),
                ('until_on', models.DateField(verbose_name='possible until')),
                ('mode', models.CharField(choices=[('in_person', 'in person'), ('virtual', 'online'), ('mixed', 'partly online')], default='in_person', max_length=9, verbose_name='where')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place or address')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), default=list, size=None, verbose_name='languages')),
                ('access_note', models.TextField(blank=True, max_length=1000, verbose_name='accessibility')),
                ('safety_note', models.TextField(blank=True, max_length=1000, verbose_name='safety')),
                ('state', models.CharField(choices=[('open', 'open'), ('withdrawn', 'withdrawn')], default='open', max_length=9, verbose_name='state')),
                ('made_by_id', models.BigIntegerField(blank=True, null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='encounter_offers', to='programme.city', verbose_name='city')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='encounter_offers', to='people.organisation', verbose_name='employer')),
            ],
            options={
                'verbose_name': 'offer of an encounter',
                'verbose_name_plural': 'offers of encounters',
                'indexes': [models.Index(fields=['state', 'until_on'], name='encounter_offer_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('employer', 'workplace'))), name='encounter_offer_kind_known'), models.CheckConstraint(condition=models.Q(('way__in', ['talk', 'visit', 'shadow', 'mentor', 'task'])), name='encounter_offer_way_known'), models.CheckConstraint(condition=models.Q(('mode__in', ['in_person', 'virtual', 'mixed'])), name='encounter_offer_mode_known'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'withdrawn'])), name='encounter_offer_state_known'), models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='encounter_offer_days'), models.CheckConstraint(condition=models.Q(('hours__gt', 0), ('hours__lte', 400)), name='encounter_offer_hours'), models.CheckConstraint(condition=models.Q(('places__gte', 1), ('places__lte', 500)), name='encounter_offer_places'), models.CheckConstraint(condition=models.Q(('sector__regex', '^[A-V]?$')), name='encounter_offer_sector'), models.CheckConstraint(condition=models.Q(('youngest__isnull', True), ('oldest__isnull', True), ('oldest__gte', models.F('youngest')), _connector='OR'), name='encounter_offer_ages')],
            },
        ),
        migrations.CreateModel(
            name='EncounterRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('employer', 'meeting with an employer'), ('workplace', 'experience of a workplace'), ('provider', 'meeting with a place of study'), ('lmi_accessed', 'labour-market information read'), ('lmi_used', 'labour-market information used in a decision'), ('guardian_lmi', 'labour-market information for parents'), ('subject', 'careers in a subject lesson'), ('stereotypes', 'against stereotypes and barriers'), ('other', 'other career activity')], max_length=12, verbose_name='kind')),
                ('way', models.CharField(choices=[('talk', 'talk with a class'), ('visit', 'visit to the workplace'), ('shadow', 'hours beside somebody at work'), ('mentor', 'mentor of pupils'), ('task', 'task or project from the employer')], max_length=6, verbose_name='how')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('outcomes', models.TextField(max_length=2000, verbose_name='what pupils are to learn')),
                ('grades', models.CharField(blank=True, max_length=40, verbose_name='grades or years')),
                ('pupils', models.PositiveSmallIntegerField(verbose_name='number of pupils')),
                ('subject', models.SlugField(blank=True, max_length=30, verbose_name='subject')),
                ('is_stem', models.BooleanField(default=False, verbose_name='about science, technology, engineering or mathematics')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='hours for each pupil')),
                ('from_on', models.DateField(verbose_name='wished from')),
                ('until_on', models.DateField(verbose_name='wished until')),
                ('answer_by', models.DateField(verbose_name='answers wanted by')),
                ('mode', models.CharField(choices=[('in_person', 'in person'), ('virtual', 'online'), ('mixed', 'partly online')], default='in_person', max_length=9, verbose_name='where')),
                ('state', models.CharField(choices=[('open', 'open'), ('withdrawn', 'withdrawn')], default='open', max_length=9, verbose_name='state')),
                ('asked_by_id', models.BigIntegerField(blank=True, null=True)),
                ('asked_on', models.DateField(verbose_name='asked')),
                ('host', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='encounter_requests', to='people.organisation', verbose_name='employer')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='encounter_requests', to='careers.school', verbose_name='school')),
                ('school_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='careers.schoolclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'request for an encounter',
                'verbose_name_plural': 'requests for encounters',
                'indexes': [models.Index(fields=['state', 'answer_by'], name='encounter_request_open'), models.Index(fields=['host', 'asked_on'], name='encounter_request_of_host')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('employer', 'workplace', 'subject'))), name='encounter_request_kind_known'), models.CheckConstraint(condition=models.Q(('way__in', ['talk', 'visit', 'shadow', 'mentor', 'task'])), name='encounter_request_way_known'), models.CheckConstraint(condition=models.Q(('mode__in', ['in_person', 'virtual', 'mixed'])), name='encounter_request_mode_known'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'withdrawn'])), name='encounter_request_state_known'), models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='encounter_request_days'), models.CheckConstraint(condition=models.Q(('hours__gt', 0), ('hours__lte', 400)), name='encounter_request_hours'), models.CheckConstraint(condition=models.Q(('pupils__gte', 1), ('pupils__lte', 500)), name='encounter_request_pupils'), models.CheckConstraint(condition=models.Q(('answer_by__gte', models.F('asked_on')), ('answer_by__lte', models.F('until_on'))), name='encounter_request_answer_by'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'subject'), _negated=True), models.Q(('subject', ''), _negated=True), _connector='OR'), name='encounter_request_subject_named')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('with_host', 'the employer has the word'), ('with_school', 'the school has the word'), ('agreed', 'agreed'), ('declined', 'turned down'), ('withdrawn', 'withdrawn'), ('called_off', 'called off')], max_length=11, verbose_name='state')),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='day')),
                ('places', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                ('purpose', models.TextField(blank=True, max_length=2000, verbose_name='what pupils are to learn')),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='message')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('made_by_id', models.BigIntegerField(blank=True, null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('encounter', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposal', to='careers.encounter', verbose_name='encounter')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='people.organisation', verbose_name='employer')),
                ('offer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='careers.encounteroffer', verbose_name='offer')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='careers.encounterrequest', verbose_name='request')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='careers.school', verbose_name='school')),
                ('school_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='careers.schoolclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'proposal for an encounter',
                'verbose_name_plural': 'proposals for encounters',
                'indexes': [models.Index(fields=['school', 'state'], name='proposal_of_school'), models.Index(fields=['host', 'state'], name='proposal_of_host')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['with_host', 'with_school', 'agreed', 'declined', 'withdrawn', 'called_off'])), name='proposal_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('offer__isnull', True), ('request__isnull', False)), models.Q(('offer__isnull', False), ('request__isnull', True)), _connector='OR'), name='proposal_answers_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['with_host', 'with_school', 'agreed', 'called_off']), _negated=True), models.Q(('held_on__isnull', False), ('places__gte', 1)), _connector='OR'), name='proposal_says_day_and_places'), models.CheckConstraint(condition=models.Q(('encounter__isnull', True), ('state', 'agreed'), _connector='OR'), name='proposal_encounter_is_agreed'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['declined', 'called_off']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='proposal_refused_with_reason'), models.UniqueConstraint(condition=models.Q(('request__isnull', False), ('state__in', ('with_host', 'with_school', 'agreed'))), fields=('request', 'host'), name='proposal_once_a_host')],
            },
        ),
        migrations.RunSQL(PLACES, BACKWARD),
    ]
