"""Who may sign in, at which post, and what the post may do."""
