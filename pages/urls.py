"""Files of the municipality: pictures are served by the application, per municipality."""

from django.urls import path

from pages.views import media

urlpatterns = [path("media/<str:schema>/<str:folder>/<str:name>", media, name="media")]
