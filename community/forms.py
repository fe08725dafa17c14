"""Forms of rooms. What may be written is decided by the rules, so that every way in is alike."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from community.models import Room


class PostForm(forms.Form):
    """A post or an answer. `client_key` makes sending it twice harmless.

    The text has no `maxlength`: browsers cut what is pasted without a word.
    """

    body = forms.CharField(
        label=_("Your post"),
        help_text=_("Up to 2,000 characters. Everyone registered here can read it."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    client_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Please send it once more."),
            "invalid": _("Please send it once more."),
        },
    )

    def __init__(self, data: Any = None, *, answer_to: int | None = None) -> None:
        name = f"answer-{answer_to}" if answer_to else "post"
        super().__init__(data, auto_id=f"{name}-%s", initial={"client_key": uuid4()})
        if answer_to:
            self.fields["body"].label = _("Your answer")
            self.fields["body"].help_text = ""
            self.fields["body"].widget.attrs["rows"] = 3

    def renew_key(self) -> None:
        """For the next try, where this key is used up or was damaged on the way."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("client_key")] = str(uuid4())
        self.data = data


class StaffPostForm(PostForm):
    """The same in the municipality's name, from the admin."""

    room = forms.ModelChoiceField(
        label=_("Room"), queryset=Room.objects.filter(is_open=True), empty_label=None
    )
    field_order = ["room", "body", "client_key"]


class HideForm(forms.Form):
    """Why a post is hidden."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Up to 200 characters. The reason is shown in the room to everyone."),
        required=False,
    )


class PostFilterForm(forms.Form):
    """Which posts staff look at; a choice that does not exist filters nothing."""

    room = forms.ModelChoiceField(
        label=_("Room"), queryset=Room.objects.all(), required=False, empty_label=_("All rooms")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("shown", _("Shown")), ("hidden", _("Hidden"))],
    )

    def chosen(self) -> dict[str, Any]:
        """Arguments for `queries.posts_for_staff`."""
        self.is_valid()
        state = self.cleaned_data.get("state")
        return {
            "room": self.cleaned_data.get("room"),
            "hidden": {"shown": False, "hidden": True}.get(state or ""),
        }
