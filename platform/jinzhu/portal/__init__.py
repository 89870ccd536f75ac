"""The public portal: pages that anybody reads without signing in, written on the server."""
