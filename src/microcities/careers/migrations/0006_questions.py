"""Questions to counsellors, with their turns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('careers', '0005_exchange'),
        ('people', '0007_organisation_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('waits_since', models.DateTimeField(blank=True, null=True, verbose_name='waits since')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('closed_by_id', models.BigIntegerField(blank=True, null=True)),
                ('guardian', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions_for_wards', to='people.person', verbose_name='guardian')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counsellor_questions', to='people.organisation', verbose_name='asked of')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counsellor_questions', to='people.person', verbose_name='for')),
                ('talk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='careers.guidancetalk', verbose_name='talk')),
            ],
            options={
                'verbose_name': 'question to counsellors',
                'verbose_name_plural': 'questions to counsellors',
            },
        ),
        migrations.CreateModel(
            name='QuestionTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('asks', 'question'), ('answers', 'answer')], max_length=7, verbose_name='who writes')),
                ('text', models.TextField(max_length=4000, verbose_name='text')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('written_by_id', models.BigIntegerField()),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='careers.question', verbose_name='question')),
            ],
            options={
                'verbose_name': 'part of a question to counsellors',
                'verbose_name_plural': 'parts of questions to counsellors',
                'ordering': ('written_at', 'pk'),
            },
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('waits_since__isnull', False)), fields=['organisation', 'waits_since'], name='question_waiting'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('waits_since__isnull', True), _connector='OR'), name='question_closed_waits_no_more'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by_id__isnull', True)), models.Q(('closed_at__gte', models.F('asked_at')), ('closed_by_id__isnull', False)), _connector='OR'), name='question_closed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('guardian__isnull', True), models.Q(('guardian', models.F('person')), _negated=True), _connector='OR'), name='question_guardian_is_another'),
        ),
        migrations.AddConstraint(
            model_name='questionturn',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='question_turn_says_something'),
        ),
        migrations.AddConstraint(
            model_name='questionturn',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['asks', 'answers'])), name='question_turn_side_known'),
        ),
    ]
