"""Campaigns 集中进驻: many cases begun together, and one act in many cases."""
