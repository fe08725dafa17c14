"""The municipality's pages."""

from pages.models.articles import ArticleIndexPage, ArticlePage
from pages.models.home import HomePage
from pages.models.mixins import MunicipalityPageMixin

__all__ = ["ArticleIndexPage", "ArticlePage", "HomePage", "MunicipalityPageMixin"]
