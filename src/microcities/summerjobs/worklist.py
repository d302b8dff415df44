"""What of summer employment waits for whom on My work; each part registers its own tasks."""

from microcities.summerjobs import (  # noqa: F401  (their tasks register themselves)
    agreement_worklist,
    application_worklist,
    claim_worklist,
    draw_worklist,
    post_worklist,
    work_worklist,
)
