"""Microsoft Teams, behind the same ports as the playground."""
