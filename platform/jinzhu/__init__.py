"""Jinzhu 进驻: how departments, items and people enter a service center, and who watches."""
