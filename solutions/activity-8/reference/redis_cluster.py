"""Lets django-redis speak to a Redis Cluster: by itself it knows one server, or one and its copies."""

from django_redis.exceptions import ConnectionInterrupted
from django_redis.pool import ConnectionFactory
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import RedisClusterException, RedisError
from redis.retry import Retry


class ClusterConnectionFactory(ConnectionFactory):
    """One client for the whole cluster, shared by all threads of the process.

    It asks the nodes once which of them has which keys, and follows when that changes.
    """

    _clusters = {}

    def connect(self, url):
        if url not in self._clusters:
            options = {
                "socket_connect_timeout": self.options.get("SOCKET_CONNECT_TIMEOUT"),
                "socket_timeout": self.options.get("SOCKET_TIMEOUT"),
                "retry": Retry(NoBackoff(), 1),
            }
            try:
                self._clusters[url] = RedisCluster.from_url(url, **options)
            except (RedisClusterException, RedisError) as error:
                # What IGNORE_EXCEPTIONS takes for a miss.
                raise ConnectionInterrupted(connection=None) from error
        return self._clusters[url]

    def disconnect(self, connection):
        """Nothing: the client is everybody's."""
