"""What every feature needs: settings, clock, errors, database, addresses, texts."""
