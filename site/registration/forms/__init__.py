from registration.forms.register import ConsentForm, FormsTogether

__all__ = ["ConsentForm", "FormsTogether"]
