"""The tables of the live floor: one React piece that changes what the news change."""
