"""What the real torchvision answers, recorded for tests that run without it."""
