"""A made-up store: outlets with known habits, texts with the names in known places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from corpus.calendar import Published, Quarter
from corpus.copies import stories_of
from corpus.model import Count, Document, FormClass, Mention, Outlet, StoredMention
from corpus.settings import MeasureSettings
from corpus.store import Store, Tagged, TextRow
from nlp.count import count
from results.cells import tabulate
from results.estimate import Estimator

THIS = Quarter(2026, 3)
SPELLED = {
    "ko": {
        "ASEAN": "아세안", "SEA": "동남아", "VN": "베트남", "ID": "인도네시아", "TH": "태국", "PH": "필리핀",
        "SG": "싱가포르", "MY": "말레이시아", "KH": "캄보디아", "MM": "미얀마", "LA": "라오스", "BN": "브루나이",
        "TL": "동티모르", "KR": "한국",
    },
    "en": {"ASEAN": "ASEAN", "SEA": "Southeast Asia", "KR": "South Korea", "KOREA": "Korea"},
    "id": {"KR": "Korea Selatan", "KOREA": "Korea"},
    "th": {"KR": "เกาหลีใต้", "KOREA": "เกาหลี"},
    "vi": {"KR": "Hàn Quốc"},
    "fil": {"KR": "South Korea"},
    "km": {"KR": "កូរ៉េខាងត្បូង"},
    "lo": {"KR": "ເກົາຫຼີໃຕ້"},
    "my": {"KR": "တောင်ကိုရီးယား"},
    "zh-Hans": {"KR": "韩国"},
    "ta": {"KR": "தென் கொரியா"},
    "pt": {"KR": "Coreia do Sul"},
    "ms": {"KR": "Korea Selatan"},
}  # fmt: skip
FILLER = {
    "ko": (
        "정부는 이날 오후 관련 계획을 발표했다.",
        "{}와의 협력을 넓히겠다고 관계자가 말했다.",
        "주민들은 기대와 걱정을 함께 나타냈다.",
    ),
    "en": (
        "The ministry set out its plan on Tuesday.",
        "Officials said ties with {} would deepen.",
        "Residents were of two minds.",
    ),
    "th": ("รัฐบาลแถลงแผนงานเมื่อวันอังคาร", "ความร่วมมือกับ{}จะขยายตัวในปีหน้า", "ชาวบ้านมีความเห็นต่างกัน"),
    "km": ("រដ្ឋាភិបាលបានប្រកាសផែនការ។", "កិច្ចសហប្រតិបត្តិការជាមួយ{}នឹងពង្រីក។", "ប្រជាជនមានមតិខុសគ្នា។"),
    "lo": ("ລັດຖະບານໄດ້ປະກາດແຜນການ.", "ການຮ່ວມມືກັບ{}ຈະຂະຫຍາຍ.", "ປະຊາຊົນມີຄວາມເຫັນຕ່າງກັນ."),
    "my": ("အစိုးရက အစီအစဉ်ကို ကြေညာခဲ့သည်။", "{}နှင့် ပူးပေါင်းဆောင်ရွက်မှု တိုးချဲ့မည်။", "ဒေသခံများ သဘောထား ကွဲလွဲသည်။"),
    "zh-Hans": ("政府周二公布了计划。", "官员说，将扩大与{}的合作。", "居民看法不一。"),
    "ta": ("அரசு செவ்வாயன்று திட்டத்தை அறிவித்தது.", "{} உடனான ஒத்துழைப்பு விரிவடையும்.", "மக்கள் கருத்து வேறுபட்டனர்."),
    "vi": (
        "Chính phủ công bố kế hoạch hôm thứ Ba.",
        "Hợp tác với {} sẽ được mở rộng.",
        "Người dân có ý kiến khác nhau.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """One outlet: how much it writes a week, and how often it names what."""

    country: str
    name: str
    language: str
    weekly: float
    names: dict[str, float]
    kind: str = "news"


def find(text: TextRow) -> Tagged:
    """Tag by plain search, longest name first: enough for texts we wrote."""
    spelled = sorted(SPELLED.get(text.language, SPELLED["en"]).items(), key=lambda pair: -len(pair[1]))
    mentions: list[StoredMention] = []
    for field, content in (("title", text.title), ("body", text.body)):
        taken: set[int] = set()
        for entity, name in spelled:
            at = content.find(name)
            while at >= 0:
                span = set(range(at, at + len(name)))
                if not span & taken:
                    taken |= span
                    form: FormClass = "common"
                    sentence = content[:at].count("\n")
                    mentions.append(
                        StoredMention(text.row, field, sentence, Mention(at, at + len(name), entity, form, name))
                    )  # type: ignore[arg-type]
                at = content.find(name, at + 1)
    return Tagged(text, 1 + text.body.count("\n") + 1, tuple(mentions))


def fill(store: Store, documents: Sequence[Document], story_of: dict[str, str] | None = None) -> None:
    """Put documents in, tag them, join stories ({copy's id: earliest's id}) and count."""
    for source in sorted({d.source for d in documents}):
        store.use_source(source, "jsonl")
    store.save_documents(documents)
    texts = store.texts(limit=1_000_000)
    rows = dict(zip([d.id for d in documents], [t.row for t in texts], strict=False))
    store.save_tagged([find(text) for text in texts], "lexicon-test")
    joined = story_of or {}
    links = [(rows[copy], rows[of]) for copy, of in joined.items() if copy in rows and of in rows]
    store.save_links(list(rows.values()), [(min(pair), max(pair)) for pair in links], "", stories_of)
    store.replace_counts(list(count(store.facts())))


def document(  # noqa: PLR0913
    number: int,
    habit: Habit,
    day: str,
    *,
    title: str,
    body: str,
    url: str | None = None,
) -> Document:
    outlet = Outlet(habit.name, habit.country)
    published = Published(day, "day", None, "stated", day)
    return Document(
        keys=(f"id:test:{number}",),
        source="synthetic",
        outlet=outlet,
        kind=habit.kind,  # type: ignore[arg-type]
        language=habit.language,
        title=title,
        body=body,
        url=url or f"https://{habit.country.lower()}.example/{number}",
        published=published,
    )


def write(habit: Habit, entities: Iterable[str], number: int) -> tuple[str, str]:
    """Give a title and a body that name the entities."""
    spelled = SPELLED[habit.language]
    before, with_name, after = FILLER.get(habit.language, FILLER["en"])
    names = [spelled[entity] for entity in entities if entity in spelled]
    title = (names[0] if names and number % 3 == 0 else "") + f" №{number}"
    return title.strip(), "\n".join([before, *(with_name.format(name) for name in names), after])


def habits() -> list[Habit]:
    """Give about twenty outlets of both sides."""
    korean = {"ASEAN": 0.06, "SEA": 0.11, "VN": 0.12, "ID": 0.06, "TH": 0.06, "PH": 0.04, "SG": 0.05, "MY": 0.03,
              "KH": 0.03, "MM": 0.015, "LA": 0.01, "BN": 0.0005, "TL": 0.0005}  # fmt: skip
    korea = [
        Habit("KR", name, "ko", weekly, {k: min(1.0, v * factor) for k, v in korean.items()}, kind)
        for name, weekly, factor, kind in (
            ("한바다일보", 30, 1.0, "news"), ("새벽경제", 22, 1.3, "news"), ("누리통신", 60, 1.1, "news"),
            ("골목저널", 6, 0.4, "news"), ("강산신문", 25, 0.8, "news"), ("동녘방송", 18, 0.9, "news"),
            ("외교소식실", 5, 4.0, "official"), ("무역일보", 12, 1.6, "news"), ("오늘의문화", 10, 0.7, "news"),
        )
    ]  # fmt: skip
    asean = [
        Habit(country, name, language, weekly, {"KR": rate, "KOREA": rate / 4, "ASEAN": 0.1})
        for country, name, language, weekly, rate in (
            ("ID", "Kabar Nusa", "id", 25, 0.10), ("ID", "Warta Kota", "id", 12, 0.07),
            ("MY", "Suara Semenanjung", "ms", 14, 0.06),
            ("SG", "Straits Ledger", "en", 24, 0.09), ("SG", "狮城晚讯", "zh-Hans", 9, 0.08),
            ("SG", "சிங்கை முரசம்", "ta", 4, 0.05),
            ("TH", "ข่าวเจ้าพระยา", "th", 22, 0.08), ("VN", "Tin Sông Hồng", "vi", 26, 0.19),
            ("VN", "Báo Biển", "vi", 10, 0.15),
            ("PH", "Balitang Kapuluan", "fil", 15, 0.10), ("KH", "សារទន្លេ", "km", 5, 0.09),
            ("LA", "ຂ່າວແມ່ຂອງ", "lo", 3, 0.05),
            ("MM", "ဧရာသတင်း", "my", 4, 0.06), ("TL", "Jornal Tasi", "pt", 1, 0.01),
        )
    ]  # fmt: skip
    return (
        korea
        + asean
        + [Habit("ASEAN", "Regional Secretariat Bulletin", "en", 2, {"ASEAN": 0.95, "KR": 0.15}, "official")]
    )


def corpus(first: Quarter, last: Quarter, seed: int = 7, scale: float = 1.0) -> tuple[list[Document], dict[str, str]]:
    """Write documents of all outlets for some quarters; the wire's texts are reprinted by others."""
    rng = np.random.default_rng(seed)
    documents: list[Document] = []
    copies: dict[str, str] = {}
    number = 0
    day = first.first
    everyone = habits()
    while day <= last.last:
        season = 1.6 if day.month in {10, 11} else 1.0
        for habit in everyone:
            for _ in range(rng.poisson(habit.weekly * scale / 7)):
                number += 1
                lift = season if habit.country == "KR" else 1.0
                entities = [
                    e for e, p in habit.names.items() if rng.random() < min(1.0, p * (lift if e == "ASEAN" else 1))
                ]
                title, body = write(habit, entities, number)
                original = document(number, habit, day.isoformat(), title=title, body=body)
                documents.append(original)
                if habit.name == "누리통신" and rng.random() < 0.3:
                    number += 1
                    paper = everyone[int(rng.integers(0, 2))]
                    when = min(day + timedelta(days=1), last.last)
                    reprint = document(number, paper, when.isoformat(), title=title, body=body)
                    documents.append(reprint)
                    copies[reprint.id] = original.id
        day += timedelta(days=1)
    return documents, copies


def row(  # noqa: PLR0913
    outlet: str,
    day: date | str,
    target: str,
    documents: int,
    stories: int | None = None,
    *,
    narrative: str = "korea",
    sentences: int | None = None,
    headlines: int | None = None,
    language: str = "ko",
    form_class: str = "named",
) -> Count:
    """Make one row of counts by hand."""
    return Count(
        narrative=narrative,  # type: ignore[arg-type]
        outlet=outlet,
        language=language,
        kind="news",
        day=str(day),
        target=target,
        form_class="*" if target == "*" else form_class,
        frame="*",
        documents=documents,
        stories=documents if stories is None else stories,
        sentences=documents if sentences is None else sentences,
        headlines=documents if headlines is None else headlines,
    )


def estimator(rows: Sequence[Count], **settings: float) -> Estimator:
    return Estimator(tabulate(rows, "named"), MeasureSettings(replicates=200, **settings))  # type: ignore[arg-type]


def quarter(outlet: str, every: int, named: int, when: Quarter = THIS, target: str = "ASEAN") -> list[Count]:
    """Thirteen weeks with so many documents, of which so many name the target."""
    days = [when.first + timedelta(days=7 * week) for week in range(13)] + [when.last]
    rows = [row(outlet, day, "*", every) for day in days]
    return rows + [row(outlet, day, target, named) for day in days if named]
