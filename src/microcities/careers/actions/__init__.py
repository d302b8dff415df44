"""What can be done with schools, pupils, encounters, guidance and what follows."""
