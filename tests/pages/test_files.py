"""Pictures and documents: what is refused, what is served, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.images.models import Image

from tenants.context import municipality_context
from tenants.staff.roles import Role


@pytest.fixture
def an_image(picture_file: Any) -> Any:
    def make(municipality: Any) -> Image:
        with municipality_context(municipality):
            return Image.objects.create(title="海", description="朝の海", file=picture_file())

    return make


def rendition_url(municipality: Any, image: Image) -> str:
    with municipality_context(municipality):
        return Image.objects.get(pk=image.pk).get_rendition("width-200").url


def test_a_picture_is_served_on_its_own_municipality_and_no_other(visit, an_image, kesennuma, hida):
    url = rendition_url(kesennuma, an_image(kesennuma))
    answer = visit(kesennuma, url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert visit(hida, url).status_code == 404
    assert visit(hida, url.replace(kesennuma.schema_name, hida.schema_name)).status_code == 404


def test_a_picture_that_did_not_change_is_not_sent_again(visit, an_image, kesennuma):
    url = rendition_url(kesennuma, an_image(kesennuma))
    changed = visit(kesennuma, url)["Last-Modified"]
    again = Client().get(url, headers={"host": "kesennuma.localhost", "if-modified-since": changed})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/media/m042056/images/../../m212172/images/a.png",
        "/media/m042056/images/..%2f..%2fsecret.png",
        "/media/m042056/documents/a.png",
        "/media/m042056/images/a.svg",
        "/media/m042056/images/a.html",
        "/media/m042056/images/",
        "/media/m042056/images/nothing.png",
        "/media/public/images/a.png",
    ],
)
def test_nothing_else_can_be_fetched_as_a_picture(visit, kesennuma, path):
    assert visit(kesennuma, path).status_code == 404


def test_originals_with_what_the_camera_wrote_are_for_staff_only(visit, staff, an_image, kesennuma):
    image = an_image(kesennuma)
    assert visit(kesennuma, image.file.url).status_code == 404
    client, _user = staff(kesennuma)
    assert client.get(image.file.url).status_code == 200
    assert (
        Client(headers={"host": "kesennuma.admin.localhost"}).get(image.file.url).status_code == 404
    )


def upload(client: Client, file: Any, **fields: Any) -> Any:
    return client.post(
        "/admin/images/add/",
        {"title": "海", "description": "朝の海", "collection": 1, "file": file, **fields},
    )


def test_a_picture_needs_its_description(staff, picture_file, kesennuma):
    client, _user = staff(kesennuma)
    refused = upload(client, picture_file(), description="")
    assert refused.status_code == 200
    assert refused.context["form"].errors.keys() == {"description"}
    assert upload(client, picture_file()).status_code == 302
    with municipality_context(kesennuma):
        assert Image.objects.get().description == "朝の海"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        (
            "a.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
            "image/svg+xml",
        ),
        ("a.html", b"<html><script>1</script></html>", "text/html"),
        ("disguised.png", b"<html><script>1</script></html>", "image/png"),
        ("broken.jpg", b"\xff\xd8\xff\xe0 torn off", "image/jpeg"),
        ("empty.png", b"", "image/png"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(staff, kesennuma, name, content, kind):
    client, _user = staff(kesennuma)
    answer = upload(client, SimpleUploadedFile(name, content, kind))
    assert answer.status_code == 200
    assert "file" in answer.context["form"].errors
    assert answer.context["form"]["title"].value() == "海"
    with municipality_context(kesennuma):
        assert not Image.objects.exists()


def test_a_picture_torn_off_half_way_is_refused(staff, picture_file, kesennuma):
    client, _user = staff(kesennuma)
    whole = picture_file("JPEG").read()
    answer = upload(client, SimpleUploadedFile("torn.jpg", whole[: len(whole) // 2]))
    assert "file" in answer.context["form"].errors


def test_a_picture_over_the_limit_is_refused_on_its_field(staff, picture_file, kesennuma, settings):
    client, _user = staff(kesennuma)
    big = SimpleUploadedFile(
        "big.png", picture_file().read() + b"\0" * settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    )
    answer = upload(client, big)
    assert "file" in answer.context["form"].errors


def test_a_body_of_ten_megabytes_is_refused_unread(kesennuma):
    for host in ("kesennuma.admin.localhost", "kesennuma.localhost", "localhost"):
        answer = Client(headers={"host": host}).post(
            "/", data=b"x" * 10_000_000, content_type="application/octet-stream"
        )
        assert answer.status_code == 413


def test_another_municipalitys_picture_cannot_be_chosen(staff, an_image, kesennuma, hida):
    image = an_image(hida)
    client, _user = staff(kesennuma)
    assert client.get(f"/admin/images/chooser/{image.pk}/").status_code == 404
    assert client.get(f"/admin/images/{image.pk}/").status_code == 404
    own, _user = staff(hida)
    assert own.get(f"/admin/images/{image.pk}/").status_code == 200


def test_a_document_comes_from_its_own_municipality_only(visit, kesennuma, hida):
    with municipality_context(kesennuma):
        document = Document.objects.create(
            title="要項", file=SimpleUploadedFile("youkou.txt", b"text")
        )
        url = f"/documents/{document.pk}/{document.filename}"
    assert visit(kesennuma, url).status_code == 200
    assert visit(hida, url).status_code == 404
    with municipality_context(kesennuma):
        assert visit(kesennuma, document.file.url).status_code == 404


def test_a_document_of_html_is_refused(staff, kesennuma):
    client, _user = staff(kesennuma, Role.ADMINISTRATOR)
    answer = client.post(
        "/admin/documents/add/",
        {"title": "x", "collection": 1, "file": SimpleUploadedFile("x.html", b"<b>")},
    )
    assert "file" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.svg", b"<svg onload='alert(1)'/>"), ("a.html", b"<b>"), ("a.png", b"<html>")],
)
def test_a_picture_of_oneself_is_held_to_the_same_list(staff, kesennuma, name, content):
    client, _user = staff(kesennuma)
    answer = client.post(
        "/admin/account/",
        {"avatar-avatar": SimpleUploadedFile(name, content), "locale-preferred_language": "ja"},
    )
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_the_name_of_a_picture_is_cleaned(staff, picture_file, kesennuma):
    client, _user = staff(kesennuma)
    picture = picture_file(name="要項\u202egpj.\u200bpng")
    assert upload(client, picture, title="海\u202e").status_code == 302
    with municipality_context(kesennuma):
        kept = Image.objects.get()
    assert kept.title == "海"
    assert not {"\u202e", "\u200b"} & set(kept.file.name)
