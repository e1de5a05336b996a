"""A worker as an older version would be: ``python -m tests.batch.other_version ADDRESS``."""

import sys

from gait.batch import cluster

if __name__ == "__main__":
    cluster.METHOD = "older"
    cluster.serve_worker(cluster.address(sys.argv[1], None), 1)
