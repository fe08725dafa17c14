"""Forms by which needs are told, and by which a coordinator answers."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.fields import PhoneField
from activities.enums import NeedState
from activities.models import Need
from activities.rules.needs import moves_from


class SentOnceForm(forms.Form):
    """Carries a key made with the form, so that sending it twice is harmless."""

    client_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Please send it once more."),
            "invalid": gettext_lazy("Please send it once more."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = uuid4

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # Not earlier: whoever asks for errors fixes what a field is called, and forms made of
        # this one call some anew.
        if "client_key" in self.errors:
            self.renew_key()
        return cleaned

    def renew_key(self) -> None:
        """For the next try, where this key is used up or was damaged on the way."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("client_key")] = str(uuid4())
        self.data = data

    @property
    def key(self) -> UUID:
        key: UUID = self.cleaned_data["client_key"]
        return key

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, without the key."""
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name != "client_key"}


_ONE_LINE = ("title", "place", "when_about", "organisation_name", "contact_name")


class NeedForm(SentOnceForm, forms.ModelForm):
    """A need in a resident's own words. Mails go to the address of the account, which is theirs
    for certain; so the form asks for none."""

    contact_phone = PhoneField(
        label=gettext_lazy("Telephone number"), max_length=20, required=False
    )

    class Meta:
        model = Need
        fields = [
            "title", "wanted", "place", "when_about", "people", "organisation_name",
            "contact_name", "contact_phone", "may_be_named",
        ]  # fmt: skip
        labels = {"contact_name": pgettext_lazy("of a need", "Name to ask for")}
        widgets = {name: forms.TextInput for name in _ONE_LINE}

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        self._email = email
        super().__init__(*args, **kwargs)
        # Browsers cut what is pasted without a word; the server says so.
        self.fields["wanted"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reachable = cleaned.get("contact_phone") or cleaned.get("contact_email") or self._email
        if not reachable and not self.errors:
            self.add_error(
                "contact_phone",
                _("Please give a telephone number, so that the coordinator can ask."),
            )
        return cleaned


class OrganisationNeedForm(NeedForm):
    """The same in an organisation's workspace: who tells it is known."""

    class Meta(NeedForm.Meta):
        fields = [name for name in NeedForm.Meta.fields if name != "organisation_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["may_be_named"].label = _(
            "The organisation's name may stand on the activity's page"
        )
        self.fields["may_be_named"].help_text = ""


class StaffNeedForm(NeedForm):
    """The same, entered by staff for somebody who telephoned or came."""

    contact_email = forms.EmailField(
        label=gettext_lazy("e-mail address"), max_length=254, required=False
    )

    class Meta(NeedForm.Meta):
        fields = [*NeedForm.Meta.fields[:-1], "contact_email", "may_be_named"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_name"].help_text = ""
        self.fields["may_be_named"].help_text = _(
            "Tick it only if the person has said so. Without it no name is shown."
        )


class AnswerForm(forms.Form):
    """Where a need goes next, and what whoever told it reads."""

    state = forms.ChoiceField(label=gettext_lazy("What becomes of it"))
    answer = forms.CharField(
        label=pgettext_lazy("of a need", "Words for whoever told it"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Needed when you pass it on (whom to ask now) and when you close it (the reason). The"
            " person reads it on their page and by mail."
        ),
    )

    def __init__(self, state: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An activity is made by its own button.
        open_to = [one for one in moves_from(state) if one != NeedState.ACTIVITY]
        self.fields["state"].choices = [(one, NeedState(one).label) for one in open_to]  # type: ignore[attr-defined]
