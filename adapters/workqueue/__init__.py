"""Work queues: how a workspace's worker is woken."""
