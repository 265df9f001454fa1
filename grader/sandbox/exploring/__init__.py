"""What a project offers: its routes, its capabilities, and the payloads that its API takes."""
