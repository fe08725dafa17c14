"""Demonstration data: eleven municipalities after the eleven cases of the ministry's briefing.

Everything is invented and marked as such on every page: people, organisations, activities.
"""
