from portal.models.listings import ActivityListing

__all__ = ["ActivityListing"]
