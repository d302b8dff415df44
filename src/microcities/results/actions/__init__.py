"""What people do with results: define, observe, report, verify. Each verb is one transaction with one trail line."""
