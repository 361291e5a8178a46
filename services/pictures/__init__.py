"""Pictures that restaurants upload: dishes, logos, floor plans."""
