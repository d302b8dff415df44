"""What happened, who did it and why: history by database trigger, a hash chain over it, and the log of looks.

Serves the auditor, the person whose record it is, and everybody who must answer "who changed this?". Nouns: action (one
verb somebody carried out), change (one row as a trigger saw it), look (somebody opened a protected person's record),
seal (one link of the hash chain).
"""
