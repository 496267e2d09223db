"""A made province to try Redress on, and a seeded generator for benches. Nobody in it exists."""
