"""Results: for the programme manager, the partners who report, the auditor and the public.

Every figure is counted from the services' own records through the evidence registry and opens down to them. Nouns:
indicator, target, baseline, reporting period, snapshot, restatement, verification sample, publication. The journey:
overview, indicator, evidence rows, one record, its history; report, approve, freeze, restate with a reason, publish.
"""
