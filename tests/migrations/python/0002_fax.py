from importlib import import_module

Migration = import_module("tests.migrations.expand.0002_fax").Migration
