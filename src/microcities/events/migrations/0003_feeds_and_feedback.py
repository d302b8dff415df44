"""Personal calendar feeds, and feedback that nothing ties to whoever gave it."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("events", "0002_guards"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("attendee", "has_answered", models.BooleanField(default=False)),
        # Numbers in the order of answering would tell who answered; a key cannot be cast, so the empty table is made anew.
        migrations.DeleteModel("Feedback"),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('group', models.CharField(choices=[('everybody', 'everybody'), ('pupils', 'pupils'), ('guardians', 'parents and guardians'), ('teachers', 'teachers and counsellors'), ('students', 'students'), ('adults', 'adults'), ('employers', 'employers')], max_length=10, verbose_name='who answered')),
                ('useful', models.PositiveSmallIntegerField(verbose_name='useful, 1 to 5')),
                ('learnt', models.BooleanField(null=True, verbose_name='learnt something new about work or study')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='in own words')),
                ('given_on', models.DateField()),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='events.event')),
            ],
            options={
                'verbose_name': 'feedback',
                'verbose_name_plural': 'feedback',
                'constraints': [models.CheckConstraint(condition=models.Q(('useful__gte', 1), ('useful__lte', 5)), name='feedback_useful')],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField(
                    db_default=django.db.models.functions.datetime.Now(), verbose_name="made")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                ("account", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="calendar_feeds",
                    to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "constraints": [models.UniqueConstraint(
                    condition=models.Q(("revoked_at__isnull", True)), fields=("account",), name="calendar_feed_once")],
            },
        ),
    ]
