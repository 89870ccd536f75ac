"""The PostgreSQL and the Valkey that come with the package, and what `jinzhu run` does with them.

Nothing here knows the platform: it starts, watches and stops processes, and imports only
`jinzhu.config`.
"""
