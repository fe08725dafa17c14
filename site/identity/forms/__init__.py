from identity.forms.counter import LookForm

__all__ = ["LookForm"]
