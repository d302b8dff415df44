"""What people do with participations and lists."""
