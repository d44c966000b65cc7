"""What the tests share and pytest's fixtures hand out."""
