"""Work queues: how a workspace's worker is woken, in one process or among many."""
