import os

CACHES = {
    'default': {
        'BACKEND': '_______________',  # Fill this
        'LOCATION': '_______________',  # Fill this (Redis URL)
        'TIMEOUT': ____,  # Default timeout in seconds
        'OPTIONS': {
            'CLIENT_CLASS': '_______________',  # Fill this
        }
    }
}
