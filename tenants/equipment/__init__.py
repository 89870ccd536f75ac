"""Special equipment 专用设施设备 that enters with a department or an item, and leaves with it."""
