"""The resident's own particulars."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ProfileForm
from accounts.operations.profile import save_profile
from accounts.queries import resident_for
from accounts.registry import ProfilePart, profile_parts
from accounts.rules.return_path import safe_path


@method_decorator([never_cache, sensitive_post_parameters(), login_required], name="dispatch")
class ProfileView(View):
    """Shows and saves the profile; goes on to `next` afterwards, the first time to the wishes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        resident = resident_for(request)
        parts = profile_parts(request, resident)
        initial = {name: value for part in parts for name, value in part.initial.items()}
        return self._show(request, ProfileForm(instance=resident, initial=initial), parts)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST, instance=resident_for(request))
        if not form.is_valid():
            return self._show(request, form, profile_parts(request, form.instance))
        save_profile(request.user, form.cleaned_data)  # type: ignore[arg-type]
        path = safe_path(request.GET.get("next"))
        if path is None:
            messages.success(request, _("Your particulars are saved."))
        # Whoever is on the way to somewhere is not held up by what may be skipped.
        after = "accounts:wishes" if form.instance is None else "accounts:profile"
        return HttpResponseRedirect(path or reverse(after))

    @staticmethod
    def _show(request: HttpRequest, form: ProfileForm, parts: list[ProfilePart]) -> HttpResponse:
        context = {
            "form": form,
            "is_first_time": form.instance is None,
            "parts": parts,
            "goes_on": safe_path(request.GET.get("next")) is not None,
        }
        return render(request, "accounts/profile.html", context)
