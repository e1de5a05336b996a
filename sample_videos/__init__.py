"""Clips with exact ground truth, and the program that renders them."""
