"""DESIGN's attackers, played against the real bot and against deliberately weak designs."""
