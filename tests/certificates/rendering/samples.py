"""Documents to print, with names that ordinary fonts lack."""

from certificates.rendering.documents import (
    ActivityCertificate,
    ActivityRow,
    CheckInPoster,
    RegistrationCertificate,
)

VERIFY_URL = "https://furusato.example.go.jp/v/7KQ2M4XW9PDT3HCV/"
CHECK_IN_URL = "HTTPS://FURUSATO.EXAMPLE.GO.JP/C/" + "AEB2Q7XKJ4TMZ5LC3WNRYD6HUVSPGFOI" * 2


def registration(**changes: object) -> RegistrationCertificate:
    values: dict = {
        "municipality": "宮城県気仙沼市",
        "prefecture": "宮城県",
        "resident_name": "𠮷田 髙﨑",
        "resident_kana": "ヨシダ タカサキ",
        "number": "042056-0000-1234",
        "registered_on": "令和8年11月23日（月）",
        "kind": "ベーシック",
        "verify_url": VERIFY_URL,
        "issued_on": "令和8年12月1日（火）",
    }
    return RegistrationCertificate(**values | changes)


def rows(count: int) -> tuple[ActivityRow, ...]:
    return tuple(
        ActivityRow(
            municipality=("宮城県気仙沼市", "岐阜県飛騨市")[i % 2],
            activity_title=("海岸の清掃と松の植え付け", "稲刈りの手伝い")[i % 2],
            date=f"令和8年11月{i % 28 + 1}日",
            hours=("3", "2.5")[i % 2],
            place=("大谷海岸", "飛騨市古川町")[i % 2],
            organiser=("気仙沼まちづくり協議会", "古川町営農組合")[i % 2],
            designated=i % 2 == 0,
        )
        for i in range(count)
    )


def activity(count: int = 6, **changes: object) -> ActivityCertificate:
    values: dict = {
        "resident_name": "𠮷田 髙﨑",
        "rows": rows(count),
        "total_count": count,
        "total_hours": "16.5",
        "number": "A-2026-000123",
        "verify_url": VERIFY_URL,
        "issued_on": "令和8年12月1日（火）",
    }
    return ActivityCertificate(**values | changes)


def poster(**changes: object) -> CheckInPoster:
    values: dict = {
        "municipality": "宮城県気仙沼市",
        "activity_title": "大谷海岸の清掃と松の植え付け",
        "session_date": "令和8年11月23日（月）",
        "session_time": "午前9時から正午まで",
        "place": "大谷海岸 道の駅前ひろば",
        "check_in_url": CHECK_IN_URL,
        "day_code": "042917",
        "day_code_url": "https://furusato.example.go.jp/c/",
        "contact": "気仙沼市 まちづくり推進課　電話 0226-22-6600",
        "window": "午前8時30分から午後1時まで",
    }
    return CheckInPoster(**values | changes)
