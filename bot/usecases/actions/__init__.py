"""What leaders say will happen ("you said, we did"), and what their teams read of it."""
