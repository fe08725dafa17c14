from importlib import import_module

Migration = import_module("pages.migrations.0001_initial").Migration
