"""What doors have in common whose distribution reads the bucket by its own right (an origin access control)
and caches what it read: whoever is let in decides a function or a key group before the cache.
"""
