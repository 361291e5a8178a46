"""What a screen knows and does. First split by audience: that is the security border."""
