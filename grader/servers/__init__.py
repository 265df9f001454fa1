"""Redis servers and clients: private, local and cluster servers, RESP, the proxy, connection checks."""
