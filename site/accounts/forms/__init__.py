from accounts.forms.profile import ProfileForm

__all__ = ["ProfileForm"]
