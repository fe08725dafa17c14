from registration.models.parameters import NationalParameters
from registration.models.registrations import Registration, RegistrationCounter, RegistrationEvent

__all__ = ["NationalParameters", "Registration", "RegistrationCounter", "RegistrationEvent"]
