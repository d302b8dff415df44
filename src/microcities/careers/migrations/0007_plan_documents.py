"""Documents of career plans."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('careers', '0006_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='CareerPlanDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='what it is')),
                ('file', models.FileField(upload_to='career-plans', verbose_name='document')),
                ('name', models.CharField(max_length=120, verbose_name='name of the file')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('added_on', models.DateField(verbose_name='added')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='careers.careerplan', verbose_name='career plan')),
            ],
            options={
                'verbose_name': 'document of a career plan',
                'verbose_name_plural': 'documents of career plans',
                'ordering': ('-added_on', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='plan_document_is_a_file'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='plan_document_says_what'), models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='plan_document_size')],
            },
        ),
    ]
