from accounts.forms.profile import ProfileForm
from accounts.forms.wishes import WishesForm

__all__ = ["ProfileForm", "WishesForm"]
