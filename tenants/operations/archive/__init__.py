"""One municipality in one file: its schema, its media, its rows of the shared tables.

Not `pg_dump`: of one schema among 1,788 it did not end in 100 seconds, and it knows nothing of
rows that a municipality has in tables which belong to all. So our own COPY, table by table:

- `schema/`: every table of the municipality's schema;
- `shared/`: its rows of the shared tables (`contents.own_tables`);
- `referred/`: rows of the whole nation that those name and cannot be without: organisations;
- `people/`: accounts and residents that are named, marked as personal data in the manifest.
  Without passwords, last sign-ins and e-mail confirmations. Restored only where they are
  missing; an account or resident that is there is left as it is;
- `media/`: the uploads, and `manifest.json`: of which moment and release all this is, with the
  SHA-256 of every member.

Ids of shared rows are each database's own. A number that somebody else's row holds in the
other database is replaced by a new one, and whatever names it follows: foreign keys, generic
ones, the JSON of Wagtail's revisions. So do ids of content types. Permissions need nothing of
the kind: they are rows of the schema and come along.

Three kinds of rows are not turned back when what is there is replaced. Append-only ones (the
database refuses to change them) are added where they are missing and stay where the archive
does not know them. The outbox: what was sent stays sent and nothing is sent twice. And codes
that live for a minute, or half-typed forms, are not taken along at all.
"""
