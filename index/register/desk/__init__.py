"""What people do with received letters: corrections, movements, groups' lists, and taking it back."""
