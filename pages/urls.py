"""Files of the municipality: pictures are served by the application, per municipality."""

urlpatterns: list = []
