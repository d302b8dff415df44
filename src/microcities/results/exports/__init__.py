"""Results as files: what each file holds (tables), its description for programs (describing), and the PDF (document)."""
