"""The resident's screens about premium registration, on the portal."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from activities.enums import Category
from common import clock
from common.refusal import Refused
from common.templatetags.wareki import jdate
from identity.models import Verification
from notifications.operations import deliver_next
from registration.enums import StayEvidence
from registration.forms import refusals
from registration.forms.premium import StayForm
from registration.models import (
    ApplicationDocument,
    ApplicationMessage,
    PremiumApplication,
    PremiumDecision,
    PremiumSlot,
    PremiumStanding,
    Registration,
    Stay,
)
from registration.operations import leave, premium
from registration.queries import standing_at
from tenants.models import LocalGovernment, Municipality
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.activities import make_activity
from tests.factories.guardians import make_minor
from tests.factories.premium import (
    conditions,
    make_eligible,
    make_premium,
    make_verified,
    took_part,
    took_part_thrice,
)
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
MINE, HERS = "/my/registrations/042056/", "/my/registrations/212172/"
PDF, PNG = b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n00"


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status, (response.status_code, response.get("Location"))
    return response.content.decode()


def file(name: str = "在職証明.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def resident():
    return make_verified()


@pytest.fixture
def client_of(resident):
    return signed_in_client(resident.user)


@pytest.fixture
def waiting(resident, kesennuma):
    """An application that an officer has to look at."""
    conditions(kesennuma, asks_documents=True, documents_wanted="在職証明書")
    return premium.apply(make_eligible(resident, kesennuma))


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, Role.ADMINISTRATOR)


@pytest.fixture
def make_municipalities(db):
    """So many cities of prefectures that take no part; they have no pages of their own."""

    def make(number: int) -> list[Municipality]:
        governments = LocalGovernment.objects.filter(
            kind="city", prefecture__municipality=None, municipality=None
        )
        return [
            Municipality.objects.create(
                local_government=one,
                slug=f"m{one.pk}",
                schema_name=f"m{one.pk}",
                joined_on=clock.today(),
                status="published",
            )
            for one in governments.order_by("pk")[:number]
        ]

    return make


# The page of one registration


def test_the_page_says_what_is_missing_and_what_to_do(client_of, resident, kesennuma, hida):
    register_resident(resident, kesennuma)
    make_eligible(resident, hida)
    took_part(resident, kesennuma, designated=False)
    page = text_of(client_of.get(MINE))
    for words in (
        "宮城県気仙沼市の登録", "ベーシック登録", "あと3回", "あと3回、参加してください。",
        "プレミアム登録に必要なこと", "自治体が指定した活動ではありません",
    ):  # fmt: skip
        assert words in page, words
    assert "飛騨" not in page
    assert "プレミアム登録を申請できます。" in text_of(client_of.get(HERS))


def test_the_names_of_the_kinds_are_those_in_force(client_of, resident, kesennuma):
    from registration.models import NationalParameters

    register_resident(resident, kesennuma)
    NationalParameters.objects.create(
        version="2", effective_from=clock.today(), basic_name="ふつう", basic_name_en="Plain",
        premium_name="とくべつ", premium_name_en="Special", needed_participations=3,
        window="rolling", one_a_day=True, max_premium=3, adult_age=18,
        countable_from=clock.today(),
    )  # fmt: skip
    page = text_of(client_of.get(MINE))
    assert "ふつう登録" in page
    assert "とくべつ登録に必要なこと" in page
    assert "Special registration" in text_of(client_of.get(f"/en{MINE}"))


def test_who_lives_there_reads_that_first(client_of, kesennuma, resident):
    resident.residence_id = kesennuma.code
    resident.save()
    register_resident(resident, kesennuma)
    page = text_of(client_of.get(MINE))
    notice = page.split("次にすること")[1][:300]
    assert "お住まいの自治体です" in notice


def test_identity_and_consent_lead_to_where_they_are_given(kesennuma):
    child = make_minor(residence_id="131016")
    make_eligible(child, kesennuma)
    page = text_of(signed_in_client(child.user).get(MINE))
    assert 'href="/my/identity/"' in page
    assert 'href="/my/guardian/"' in page


def test_the_next_designated_activities_are_named(client_of, resident, kesennuma, hida):
    register_resident(resident, kesennuma)
    make_activity(kesennuma, title="海辺の清掃")
    make_activity(hida, title="棚田の手入れ")
    while deliver_next():
        pass
    from portal.models import ActivityListing

    ActivityListing.objects.update(designated=True)
    page = text_of(client_of.get(MINE))
    assert "海辺の清掃" in page
    assert "棚田の手入れ" not in page
    assert "いま募集のお知らせはありません" in text_of(client_of.get("/my/registrations/040002/"))
    conditions(kesennuma.prefecture_municipality(), counts_cities=True)
    assert "海辺の清掃" in text_of(client_of.get("/my/registrations/040002/"))
    ActivityListing.objects.update(designated=False)
    assert "海辺の清掃" not in text_of(client_of.get(MINE))


def test_other_peoples_registrations_are_not_found(client_of, resident, kesennuma, hida):
    register_resident(resident, kesennuma)
    other = make_verified()
    conditions(hida, asks_documents=True)
    application = premium.apply(make_eligible(other, hida))
    document = premium.hand_in(application, "a.pdf", PDF)
    for path in (
        "", "apply/", "application/", "application/withdraw/", "stays/",
        f"documents/{document.pk}/",
    ):  # fmt: skip
        assert client_of.get(HERS + path).status_code == 404, path
    assert client_of.get(f"{MINE}documents/{document.pk}/").status_code == 404
    for path in ("apply/", "application/", "application/withdraw/", "stays/",
                 f"documents/{document.pk}/remove/"):  # fmt: skip
        assert client_of.post(HERS + path).status_code == 404, path
    # Registered there too, and with an application of one's own: the other's is still not there.
    mine = premium.apply(make_eligible(resident, hida))
    client_of.post(f"{HERS}documents/{document.pk}/remove/")
    assert client_of.get(f"{HERS}documents/{document.pk}/").status_code == 404
    assert ApplicationDocument.objects.filter(application=application).count() == 1
    client_of.post(f"{HERS}application/withdraw/")
    application.refresh_from_db()
    mine.refresh_from_db()
    assert (application.status, mine.status) == ("submitted", "withdrawn")


def test_visitors_sign_in_first(kesennuma):
    response = Client(HTTP_HOST=settings.BASE_DOMAIN).get(MINE)
    assert response["Location"].startswith("/account/login/?next=")


def test_of_a_registration_that_ended_the_history_is_left(client_of, resident, kesennuma):
    leave(make_premium(resident, kesennuma).registration)
    page = text_of(client_of.get(MINE))
    assert "プレミアム登録の認定" in page
    assert 'href="/register/042056/"' in page
    assert "次にすること" not in page
    assert client_of.get(f"{MINE}stays/").status_code == 404


def test_the_page_takes_a_fixed_number_of_queries(
    client_of, resident, kesennuma, hida, django_assert_max_num_queries
):
    make_premium(resident, kesennuma)
    make_premium(resident, hida)
    client_of.get(MINE)
    with django_assert_max_num_queries(24):
        text_of(client_of.get(MINE))


def test_my_page_takes_fifteen_statements_with_twenty_registrations(
    client_of, resident, kesennuma, hida, django_assert_max_num_queries, make_municipalities
):
    make_premium(resident, kesennuma)
    for place in make_municipalities(16):
        register_resident(resident, place)
    register_resident(resident, hida)
    assert Registration.objects.filter(resident=resident).count() >= 20
    client_of.get("/my/")
    with django_assert_max_num_queries(15):
        page = text_of(client_of.get("/my/"))
    assert page.count("この登録の内容と手続きを見る") >= 20
    assert f"プレミアム登録は{jdate(standing_of(resident).ends_on)}まで" in page


def standing_of(resident) -> PremiumStanding:
    return PremiumStanding.objects.running().get(resident=resident, derived_from=None)


# Applying


def test_where_no_documents_are_asked_it_is_granted_at_once(
    client_of, resident, kesennuma, django_assert_max_num_queries
):
    make_eligible(resident, kesennuma)
    assert "ボタンを押すと、すぐに認定されます" in text_of(client_of.get(f"{MINE}apply/"))
    for _twice in range(2):
        assert client_of.post(f"{MINE}apply/")["Location"] == MINE
    assert PremiumStanding.objects.filter(derived_from=None).count() == 1
    page = text_of(client_of.get(MINE))
    for words in ("プレミアム登録", "更新に必要なこと", "いま必要な手続きはありません", "認定"):
        assert words in page, words
    derived = text_of(client_of.get("/my/registrations/040002/"))
    assert "宮城県気仙沼市での登録によるものです" in derived
    assert "その登録と同時に終わります" in derived


def test_a_prefectures_own_can_be_applied_for_beside_the_derived_one(
    client_of, resident, kesennuma
):
    make_premium(resident, kesennuma)
    took_part_thrice(resident, kesennuma.prefecture_municipality())
    path = "/my/registrations/040002/"
    assert f'href="{path}apply/"' in text_of(client_of.get(path))
    assert client_of.post(f"{path}apply/").status_code == 302
    assert PremiumStanding.objects.running().filter(derived_from=None).count() == 2


def test_what_is_missing_is_said_instead_of_the_button(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)
    page = text_of(client_of.get(f"{MINE}apply/"))
    assert "足りないこと" in page
    assert "<button" not in page.split("<main")[1].split("</main>")[0]
    refused = text_of(client_of.post(f"{MINE}apply/"), 409)
    assert "まだ条件を満たしていません" in refused
    assert "満たしていない条件があります" in text_of(client_of.get(MINE))


def test_the_limit_is_named(client_of, resident, kesennuma, hida, make_municipalities):
    for place in [hida, *make_municipalities(2)]:
        make_premium(resident, place)
    make_eligible(resident, kesennuma)
    assert "数が上限に達しています" in text_of(client_of.post(f"{MINE}apply/"), 409)


def test_a_municipality_that_is_not_published_takes_no_applications(client_of, resident, kesennuma):
    make_eligible(resident, kesennuma)
    kesennuma.status = "preparing"
    kesennuma.save(update_fields=["status"])
    assert "いま申請を受け付けていません" in text_of(client_of.post(f"{MINE}apply/"), 409)


def test_documents_are_handed_in_with_the_application(client_of, resident, kesennuma):
    conditions(kesennuma, asks_documents=True, documents_wanted="在職証明書")
    make_eligible(resident, kesennuma)
    page = text_of(client_of.get(f"{MINE}apply/"))
    for words in ("在職証明書", "multipart/form-data", "マイナンバーカードの画像", "5MBまで"):
        assert words in page, words
    assert "ファイルを1つ以上選んでください" in text_of(client_of.post(f"{MINE}apply/"), 400)
    assert not PremiumApplication.objects.exists()
    for _twice in range(2):
        sent = {"documents": [file(), file("写真.png", PNG)]}
        assert client_of.post(f"{MINE}apply/", sent)["Location"] == f"{MINE}application/"
    assert PremiumApplication.objects.get().documents.count() == 2
    page = text_of(client_of.get(f"{MINE}application/"))
    assert "在職証明.pdf" in page and "写真.png" in page
    assert "申請を確認しています" in text_of(client_of.get("/my/"))
    assert client_of.get(f"{MINE}apply/")["Location"] == f"{MINE}application/"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("表.xlsx", b"PK\x03\x04", "この種類のファイルは受け取れません"),
        ("にせ.pdf", b"<html>", "この種類のファイルは受け取れません"),
        ("大きい.pdf", PDF + b"0" * (5 * 1024 * 1024), "5MBを超えています"),
        ("123456789018.pdf", PDF, "個人番号"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_others_are_kept(
    client_of, resident, kesennuma, name, content, words
):
    conditions(kesennuma, asks_documents=True)
    make_eligible(resident, kesennuma)
    alone = text_of(client_of.post(f"{MINE}apply/", {"documents": [file(name, content)]}), 400)
    assert words in alone
    assert ("123456789018" in alone) is False
    assert not PremiumApplication.objects.exists()
    sent = {"documents": [file(name, content), file("良い.pdf")]}
    page = text_of(client_of.post(f"{MINE}apply/", sent, follow=True))
    assert words in page
    assert "良い.pdf" in page
    assert [row.name for row in ApplicationDocument.objects.all()] == ["良い.pdf"]


# The application


def test_only_the_owner_downloads_a_file_and_it_is_never_shown(
    client_of, resident, kesennuma, waiting
):
    document = premium.hand_in(waiting, "証明 書.pdf", PDF)
    response = client_of.get(f"{MINE}documents/{document.pk}/")
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    other = make_verified()
    premium.apply(make_eligible(other, kesennuma))
    found = signed_in_client(other.user).get(f"{MINE}documents/{document.pk}/")
    assert found.status_code == 404


def test_a_file_is_removed_once_however_often_it_is_asked(client_of, waiting):
    document = premium.hand_in(waiting, "a.pdf", PDF)
    for _twice in range(2):
        response = client_of.post(f"{MINE}documents/{document.pk}/remove/", follow=True)
        assert "ファイルを削除しました" in text_of(response)
    assert not ApplicationDocument.objects.exists()
    assert client_of.get(f"{MINE}documents/{document.pk}/").status_code == 404


def test_at_most_ten_files(client_of, waiting):
    for number in range(10):
        premium.hand_in(waiting, f"{number}.pdf", PDF + str(number).encode())
    page = text_of(client_of.post(f"{MINE}application/", {"documents": [file()]}), 409)
    assert "10個まで" in page


def test_the_officers_question_is_read_and_answered(
    client_of, resident, waiting, officer, mailoutbox
):
    premium.ask(waiting, officer, "勤め先はどちらですか。")
    assert "質問があります" in text_of(client_of.get("/my/"))
    assert "勤め先はどちらですか。" in text_of(client_of.get(f"{MINE}application/"))
    # A mistake in the answer: the file is kept, and shown.
    page = text_of(client_of.post(f"{MINE}application/", {"documents": [file()], "text": ""}), 400)
    assert "回答を入力してください" in page
    assert "在職証明.pdf" in page
    # A mistake in a file: what was written is there still.
    sent = {"documents": [file("x.txt", b"x")], "text": "気仙沼の加工場です。"}
    page = text_of(client_of.post(f"{MINE}application/", sent), 400)
    assert "気仙沼の加工場です。</textarea>" in page
    assert not ApplicationMessage.objects.filter(by_staff=False).exists()
    for _twice in range(2):
        response = client_of.post(f"{MINE}application/", {"text": "気仙沼の加工場です。"})
        assert response["Location"] == f"{MINE}application/"
    assert ApplicationMessage.objects.filter(by_staff=False).count() == 1
    assert "気仙沼の加工場です。" in text_of(client_of.get(f"{MINE}application/"))
    late = text_of(client_of.post(f"{MINE}application/", {"text": "ほかの回答"}), 409)
    assert "いまは回答をお待ちしていません" in late


def test_an_individual_number_in_an_answer_is_refused(client_of, waiting, officer):
    premium.ask(waiting, officer, "番号は？")
    page = text_of(client_of.post(f"{MINE}application/", {"text": "123456789018"}), 400)
    assert "個人番号" in page


def test_what_was_refused_is_shown_with_its_reason(client_of, waiting, officer):
    premium.refuse(waiting, officer, "書類の期限が切れています。")
    page = text_of(client_of.get(f"{MINE}application/"))
    assert "書類の期限が切れています。" in page
    assert "もう一度申請できます" in page
    answer = text_of(client_of.post(f"{MINE}application/", {"documents": [file()]}), 409)
    assert "すでに決定しました" in answer
    assert client_of.post(f"{MINE}application/withdraw/")["Location"] == MINE
    assert "すでに決定しました" in text_of(client_of.get(MINE))


def test_an_application_is_withdrawn_once_asked(client_of, waiting):
    premium.hand_in(waiting, "a.pdf", PDF)
    assert "すぐに削除されます" in text_of(client_of.get(f"{MINE}application/withdraw/"))
    for _twice in range(2):
        response = client_of.post(f"{MINE}application/withdraw/", follow=True)
        assert "申請を取り下げました" in text_of(response)
    waiting.refresh_from_db()
    assert waiting.status == "withdrawn"
    assert not ApplicationDocument.objects.exists()


# Renewal, limit, stays, history


def test_renewal_opens_sixty_days_before_the_end(client_of, resident, kesennuma):
    standing = make_premium(resident, kesennuma)
    ends_on = standing.ends_on
    assert client_of.post(f"{MINE}apply/", follow=True).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=310)):
        took_part_thrice(resident, kesennuma)
        client = signed_in_client(resident.user)
        assert "までに更新してください" in text_of(client.get("/my/"))
        assert "更新する" in text_of(client.get(f"{MINE}apply/"))
        for _twice in range(2):
            assert client.post(f"{MINE}apply/")["Location"] == MINE
    standing.refresh_from_db()
    assert standing.ends_on > ends_on
    assert PremiumApplication.objects.filter(kind="renewal").count() == 1


def test_over_the_limit_one_is_given_up(client_of, resident, kesennuma, hida):
    one, two = make_premium(resident, kesennuma), make_premium(resident, hida)
    assert client_of.get("/my/registrations/choose/")["Location"] == "/my/"
    PremiumSlot.objects.filter(standing=two).delete()
    PremiumStanding.objects.filter(pk=two.pk).update(over_limit=True)
    assert "終了する登録を選んでください" in text_of(client_of.get("/my/"))
    page = text_of(client_of.get("/my/registrations/choose/"))
    assert "気仙沼市" in page and "飛騨市" in page
    assert "宮城県</" not in page.split("<main")[1]
    missing = text_of(client_of.post("/my/registrations/choose/"), 400)
    assert "１つ選んでください" in missing
    foreign = make_premium(make_verified(), kesennuma)
    for wrong in (foreign.pk, "x"):
        assert client_of.post("/my/registrations/choose/", {"standing": wrong}).status_code == 400
    for _twice in range(2):
        response = client_of.post("/my/registrations/choose/", {"standing": one.pk})
        assert response["Location"] == "/my/"
    one.refresh_from_db()
    two.refresh_from_db()
    foreign.refresh_from_db()
    assert (one.status, two.status, foreign.status) == ("lapsed", "active", "active")
    assert not two.over_limit


def test_a_stay_is_told_where_the_municipality_has_it(client_of, resident, kesennuma, officer):
    registration = register_resident(resident, kesennuma)
    assert client_of.get(f"{MINE}stays/").status_code == 404
    assert "滞在を届け出る" not in text_of(client_of.get(MINE))
    conditions(kesennuma, long_stay_days=10)
    assert "10日以上滞在すると" in text_of(client_of.get(MINE))
    today = clock.today()
    sent = {
        "first_day": (today - timedelta(days=3)).isoformat(),
        "last_day": (today - timedelta(days=1)).isoformat(),
        "evidence": "receipt",
        "note": "民宿うみねこ",
    }
    for wrong, words in (
        ({"last_day": (today + timedelta(days=1)).isoformat()}, "今日より後にはできません"),
        ({"last_day": (today - timedelta(days=9)).isoformat()}, "最初の日より前"),
        ({"first_day": "2001-01-01"}, "最近12か月"),
        ({"first_day": ""}, "最初の日を入力"),
        ({"evidence": "staff"}, "staff"),
        ({"evidence": ""}, "滞在を示すものを選んで"),
    ):
        page = text_of(client_of.post(f"{MINE}stays/", sent | wrong), 400)
        assert words in page, words
        assert "民宿うみねこ" in page
    for _twice in range(2):
        assert client_of.post(f"{MINE}stays/", sent)["Location"] == f"{MINE}stays/"
    premium.accept_stay(Stay.objects.get(registration=registration), officer)
    page = text_of(client_of.get(f"{MINE}stays/"))
    assert "<strong>3</strong>" in page
    assert "認定" in page


def test_the_history_shows_decisions_as_they_were_made(client_of, resident, kesennuma):
    registration = register_resident(resident, kesennuma)
    with pytest.raises(Refused):
        premium.apply(registration)
    took_part_thrice(resident, kesennuma)
    premium.apply(registration)
    # What is no longer so changes nothing of what was decided then.
    Verification.objects.update(valid_until=clock.now() - timedelta(days=1))
    page = text_of(client_of.get(MINE)).split('id="history"')[1]
    assert page.count("判定に使った版") == PremiumDecision.objects.count() == 2
    assert page.index("条件をすべて満たしています") < page.index("満たしていない条件があります")
    assert "プレミアム登録の認定" in page
    premium.lapse(standing_at(registration))
    assert "更新されませんでした。" in text_of(client_of.get(MINE))


def test_every_condition_of_a_municipality_is_said(client_of, resident, kesennuma):
    conditions(kesennuma, needed_participations=4, category=Category.FARMING, of_category=1,
               hours=20, asks_documents=True)  # fmt: skip
    make_eligible(resident, kesennuma)
    page = text_of(client_of.get(MINE))
    for words in ("4回", "20時間", "農", "書類"):
        assert words in page, words


# English


def test_the_screens_are_there_in_english(client_of, resident, kesennuma, officer):
    conditions(kesennuma, asks_documents=True, long_stay_days=10)
    make_eligible(resident, kesennuma)
    for path, words in (
        ("", "You can apply for the Premium registration."),
        ("apply/", "A member of staff of 気仙沼市 looks at your documents"),
        ("stays/", "Tell of a stay"),
    ):
        assert words in text_of(client_of.get(f"/en{MINE}{path}")), path
    client_of.post(f"/en{MINE}apply/", {"documents": [file()]})
    assert "Files handed in" in text_of(client_of.get(f"/en{MINE}application/"))
    assert "Withdraw the application" in text_of(client_of.get(f"/en{MINE}application/withdraw/"))


@pytest.mark.parametrize("code", sorted(refusals._SENTENCES))
def test_every_refusal_is_a_sentence_in_both_languages(code, db):
    refusal = Refused(code, most=5 * 1024 * 1024, ends_on=clock.today())
    with translation.override("en"):
        english = refusals.sentence_of(refusal)
    with translation.override("ja"):
        japanese = refusals.sentence_of(refusal)
    assert english.endswith(".") and japanese.endswith("。") and english != japanese


def test_staffs_word_is_not_the_residents_to_give():
    codes = [code for code, _label in StayForm().fields["evidence"].choices]
    assert StayEvidence.STAFF not in codes and len(codes) == len(StayEvidence) - 1
