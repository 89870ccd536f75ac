"""Quality 质量检查: whether what a center shows of an item contradicts itself or leaves gaps."""
