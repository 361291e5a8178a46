"""What SmartMenu costs and how fast it is, measured beside something bare in the same run."""
