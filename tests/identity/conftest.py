from tests.identity.fixtures import provider, provider_process  # noqa: F401
