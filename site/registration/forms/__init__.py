from registration.forms.register import ConsentForm, FormsTogether, ReceivedForm

__all__ = ["ConsentForm", "FormsTogether", "ReceivedForm"]
