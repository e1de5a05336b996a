"""What is refused, and what limits a clip that can be measured."""
