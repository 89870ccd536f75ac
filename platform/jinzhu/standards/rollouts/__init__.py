"""An edition on its way to the centers: preview, stages, gates, deliveries, and back."""
