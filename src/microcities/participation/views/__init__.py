"""Pages of activities, participations and lists."""
