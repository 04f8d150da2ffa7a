"""Make the pairs that judge the finding of copies.

    uv run python tests/gold/copies/make.py

Reads ``base.<language>.txt``, written by hand: eight invented reports a language,
for each an independent report of the same event, and words with a synonym
(``~ word > synonym``). Writes ``<language>.jsonl``, one pair a line: two texts
(outlet, title, body), the kind of pair, whether it is one story (``copy``), and
the share of word 3-grams of the shorter text that the other has too.

The kinds:

* ``verbatim``: the whole text, under another byline, layout or headline;
* ``cut``: the first 200 characters, or the first sentences, against the whole;
* ``edited-70``, ``-50``, ``-30``: rewritten by a client until so many per cent of the
  3-grams are left: sentences reordered, dropped, or replaced by those of the hand-written
  second report, words replaced, dropped and put in, numbers changed;
* ``version``: a later version of the same article: a new beginning, numbers brought up to date;
* ``title``: a headline without text, printed with other signs;
* ``independent``: two reports of one event, of which neither comes from the other;
* ``quoted``: the same, but both print the same statement word for word;
* ``boilerplate``: reports of different events that one outlet dresses the same way;
* ``digest``: the beginnings of many reports, against one of these reports cut to 200 characters;
* ``other-title``: headlines without text, of one event or of different ones.

The last five are not one story.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

GOLD: Final = Path(__file__).parent
LANGUAGES: Final = ("ko", "en", "id", "th", "vi")
EXCERPT: Final = 200
TOLERANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Text:
    """A document as an outlet published it."""

    outlet: str
    title: str
    sentences: tuple[str, ...]
    head: str = ""
    tail: str = ""
    glue: str = " "

    @property
    def body(self) -> str:
        """The sentences, dressed."""
        return self.head + self.glue.join(self.sentences) + self.tail


@dataclass(frozen=True, slots=True)
class Base:
    """An event, with two independent reports of it."""

    name: str
    first: Text
    second: Text


@dataclass(frozen=True, slots=True)
class Dress:
    """What outlets of a language put around a text."""

    heads: tuple[str, ...]
    tails: tuple[str, ...]
    house: str  # an outlet's own lines, which no rule of ours knows
    fillers: tuple[str, ...]


DRESS: Final = {
    "ko": Dress(
        ("(가온=누리통신) 김나래 기자 = ", "[새벽신문 이가람 기자] ", "【서울=한들뉴스】"),
        (
            "\n\n김나래 기자 narae@nuri.example\nⓒ 누리통신, 무단 전재 및 재배포 금지",
            "\n이가람 기자 garam@dawn.example\n\n[관련기사]\n▶ 바다를 건너온 사람들\n▶ 오늘의 날씨, 낮부터 맑음",
            "\n저작권자 © 한들뉴스 무단전재 및 재배포 금지",
        ),
        "\n새벽신문은 독자의 후원으로 움직이는 신문입니다. 매일 아침 여섯 시 편지로 받아 보는 새벽편지를 신청하시면 "
        "그날의 가장 중요한 소식을 먼저 읽을 수 있습니다. "
        "잘못된 내용이나 더 알리고 싶은 이야기는 독자실로 보내 주십시오.",
        ("이날", "현지시간", "특히", "이에 따라", "관계자에 따르면", "앞서"),
    ),
    "en": Dress(
        ("SEOUL (Nuri News) - ", "By Narae Kim\n", "[Dawn Daily] "),
        (
            "\n\nReporting by Narae Kim; Editing by Garam Lee\n© 2026 Nuri News. All rights reserved.",
            "\n\nRead more:\nPeople who crossed the sea\nTomorrow's weather: clear from noon",
            "\nCopyright Dawn Daily",
        ),
        "\nDawn Daily is a newspaper carried by its readers. Sign up for the Dawn Letter, sent every morning at six, "
        "and be the first to know what matters that day. If you have found a mistake or have a story to tell, "
        "write to the readers' desk at any time.",
        ("meanwhile", "locally", "reportedly", "also", "that day", "in particular"),
    ),
    "id": Dress(
        ("SEOUL, Nuri News - ", "Penulis: Narae Kim\n", "[Harian Fajar] "),
        (
            "\n\nPewarta: Narae Kim\nEditor: Garam Lee\nCopyright © Nuri News 2026",
            "\n\nBaca juga: Orang-orang yang menyeberangi laut\nBaca juga: Cuaca besok cerah sejak siang",
            "\nHak cipta Harian Fajar, dilarang mengutip tanpa izin",
        ),
        "\nHarian Fajar adalah surat kabar yang hidup dari pembacanya. Daftarkan diri untuk Surat Fajar yang dikirim "
        "setiap pagi pukul enam dan jadilah yang pertama tahu kabar terpenting hari itu. Jika menemukan kesalahan atau "
        "punya cerita, tulislah kepada meja pembaca kapan saja.",
        ("sementara itu", "setempat", "kabarnya", "juga", "hari itu", "khususnya"),
    ),
    "th": Dress(
        ("โซล (สำนักข่าวนูรี) - ", "โดย นาแร คิม\n", "[รุ่งอรุณรายวัน] "),
        (
            "\n\nผู้สื่อข่าว: นาแร คิม\nสงวนลิขสิทธิ์ © สำนักข่าวนูรี",
            "\n\nข่าวที่เกี่ยวข้อง\nผู้คนที่ข้ามทะเลมา\nพรุ่งนี้อากาศแจ่มใสตั้งแต่เที่ยง",
            "\nสงวนลิขสิทธิ์ตามกฎหมาย ห้ามเผยแพร่โดยไม่ได้รับอนุญาต",
        ),
        "\nรุ่งอรุณรายวันเป็นหนังสือพิมพ์ที่อยู่ได้ด้วยผู้อ่าน สมัครรับจดหมายรุ่งอรุณซึ่งส่งทุกเช้าเวลาหกนาฬิกา "
        "แล้วคุณจะรู้เรื่องสำคัญของวันก่อนใคร หากพบข้อผิดพลาดหรือมีเรื่องอยากเล่า เขียนถึงโต๊ะผู้อ่านได้ทุกเวลา",
        ("ทั้งนี้", "ในพื้นที่", "มีรายงานว่า", "ด้วย", "วันนั้น", "โดยเฉพาะ"),
    ),
    "vi": Dress(
        ("SEOUL (Nuri News) - ", "Theo Narae Kim\n", "[Báo Bình Minh] "),
        (
            "\n\nPhóng viên: Narae Kim\nBản quyền thuộc về Nuri News",
            "\n\nXem thêm:\nNhững người vượt biển\nNgày mai trời quang từ trưa",
            "\nTin liên quan\nGiá gạo tuần này đứng yên\n© Báo Bình Minh",
        ),
        "\nBáo Bình Minh sống nhờ bạn đọc. Hãy đăng ký Thư Bình Minh gửi lúc sáu giờ mỗi sáng để là người đầu tiên "
        "biết điều quan trọng nhất trong ngày. Nếu thấy sai sót hoặc có câu chuyện muốn kể, xin viết cho bàn bạn đọc "
        "bất cứ lúc nào, chúng tôi luôn lắng nghe.",
        ("trong khi đó", "tại chỗ", "được biết", "cũng", "hôm đó", "đặc biệt"),
    ),
}  # fmt: skip


def read_base(language: str) -> tuple[list[Base], list[tuple[str, str]]]:
    """Read the hand-written reports and the synonyms of a language."""
    lines = (GOLD / f"base.{language}.txt").read_text(encoding="utf-8").splitlines()
    synonyms = [(a, b) for a, b in (line[2:].split(" > ") for line in lines if line.startswith("~ "))]
    blocks = "\n".join(line for line in lines if not line.startswith("~ ")).split("= ")[1:]
    return [_base(block) for block in blocks], synonyms


def _base(block: str) -> Base:
    first, second = (part.strip().splitlines() for part in block.split("\n--\n"))
    name, title = first[0].split(" | ")
    return Base(name, Text("A", title, tuple(first[1:])), Text("B", second[0], tuple(second[1:])))


@lru_cache(maxsize=100_000)
def words(sentence: str, language: str) -> tuple[str, ...]:
    """Cut into words: at spaces, and in Thai with a word list."""
    if language == "th":
        from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 slow to import, and only for Thai

        return tuple(w for w in word_tokenize(sentence, engine="newmm") if w.strip())
    return tuple(sentence.split())


def trigrams(text: str, language: str) -> set[tuple[str, ...]]:
    """Give the 3-grams of words, without punctuation."""
    plain = [w for w in (re.sub(r"[^\w฀-๿]", "", x).lower() for x in words(text, language)) if w]
    return set(zip(plain, plain[1:], plain[2:], strict=False))


def share(one: str, other: str, language: str) -> float:
    """Give the share of the shorter text's 3-grams that the other has too."""
    a, b = trigrams(one, language), trigrams(other, language)
    return len(a & b) / max(1, min(len(a), len(b)))


# -- editing -------------------------------------------------------------


class Editor:
    """A client's desk that rewrites a report."""

    def __init__(self, base: Base, language: str, synonyms: list[tuple[str, str]], seed: str) -> None:
        self.base, self.language, self.synonyms = base, language, synonyms
        self.spare: list[str] = []
        self.chance = random.Random(seed)  # noqa: S311 a mixture, no secret

    def edit(self, target: float) -> Text:
        """Rewrite until the share of 3-grams lies at the target."""
        whole = " ".join(self.base.first.sentences)
        while True:
            sentences = list(self.base.first.sentences)
            self.spare = list(self.base.second.sentences)
            while (left := share(" ".join(sentences), whole, self.language)) > target + TOLERANCE:
                self._step(sentences, far=left - target)
            if left >= target - TOLERANCE:
                return Text("C", self.base.second.title, tuple(sentences))

    def _step(self, sentences: list[str], far: float) -> None:
        ways = (self._swap, self._drop, self._replace, self._synonym, self._word, self._fill, self._number)
        weights = (2, 1, 3 if far > 0.15 else 0, 6, 4, 3, 1)  # far off, a whole sentence; near, a word
        self.chance.choices(ways, weights)[0](sentences)

    def _swap(self, sentences: list[str]) -> None:
        at = self.chance.randrange(1, len(sentences) - 1)
        sentences[at], sentences[at + 1] = sentences[at + 1], sentences[at]

    def _drop(self, sentences: list[str]) -> None:
        if len(sentences) > 6:  # what is left must be an article
            sentences.pop(self.chance.randrange(1, len(sentences)))

    def _replace(self, sentences: list[str]) -> None:
        if len(self.spare) > 1:
            sentences[self.chance.randrange(len(sentences))] = self.spare.pop(self.chance.randrange(len(self.spare)))

    def _synonym(self, sentences: list[str]) -> None:
        at = self.chance.randrange(len(sentences))
        found = [(a, b) for a, b in self.synonyms if self._has(a, sentences[at])]
        if found:
            a, b = self.chance.choice(found)
            sentences[at] = re.sub(self._pattern(a), b, sentences[at], count=1)

    def _pattern(self, word: str) -> str:
        return re.escape(word) if self.language in {"ko", "th"} else rf"\b{re.escape(word)}\b"

    def _has(self, word: str, sentence: str) -> bool:
        return re.search(self._pattern(word), sentence) is not None

    def _word(self, sentences: list[str]) -> None:
        self._rewrite(sentences, put="")

    def _fill(self, sentences: list[str]) -> None:
        self._rewrite(sentences, put=self.chance.choice(DRESS[self.language].fillers))

    def _rewrite(self, sentences: list[str], put: str) -> None:
        """Drop a word within a sentence, or put a filler before one."""
        at = self.chance.randrange(len(sentences))
        tokens = list(words(sentences[at], self.language))
        if len(tokens) < 8:  # a short sentence would lose its sense
            return
        inside = self.chance.randrange(1, len(tokens) - 2)
        if put:
            tokens.insert(inside, put)
        else:
            tokens.pop(inside)
        sentences[at] = ("" if self.language == "th" else " ").join(tokens)

    def _number(self, sentences: list[str]) -> None:
        at = self.chance.randrange(len(sentences))
        sentences[at] = re.sub(r"\d+", lambda m: str(int(m[0]) + self.chance.randrange(1, 9)), sentences[at], count=1)


# -- pairs ---------------------------------------------------------------

Pair = tuple[str, bool, Text, Text]


def pairs(language: str) -> Iterator[Pair]:
    """Give all pairs of a language."""
    bases, synonyms = read_base(language)
    dress = DRESS[language]
    for base in bases:
        yield from _verbatim(base, dress)
        yield from _cut(base, dress)
        for target in (70, 50, 30):
            for copy in (1, 2):
                edited = Editor(base, language, synonyms, f"{language}{base.name}{target}{copy}").edit(target / 100)
                yield f"edited-{target}", True, base.first, replace(edited, head=dress.heads[1], tail=dress.tails[1])
        yield _version(base)
        yield from _independent(base)
    yield from _titles(bases)
    yield from _boilerplate(bases, dress)
    yield from _digest(bases)


def _verbatim(base: Base, dress: Dress) -> Iterator[Pair]:
    first = base.first
    wire = replace(first, head=dress.heads[0], tail=dress.tails[0])
    yield "verbatim", True, wire, replace(first, outlet="C", head=dress.heads[2], tail=dress.tails[2])
    yield "verbatim", True, first, replace(first, outlet="C", glue="\n\n", tail=dress.tails[1])
    yield "verbatim", True, wire, replace(first, outlet="C", title=base.second.title)


def _cut(base: Base, dress: Dress) -> Iterator[Pair]:
    wire = replace(base.first, head=dress.heads[0], tail=dress.tails[0])
    excerpt = " ".join(base.first.sentences)[:EXCERPT] + ".."
    yield "cut", True, wire, Text("C", base.first.title, (excerpt,))
    yield "cut", True, wire, Text("C", base.second.title, base.first.sentences[:3], head=dress.heads[2])


def _version(base: Base) -> Pair:
    first = base.first
    body = [re.sub(r"\d+", lambda m: str(int(m[0]) + 2), s, count=1) for s in first.sentences[1:]]
    return (
        "version",
        True,
        first,
        Text("A", first.title + " (2)", (base.second.sentences[0], first.sentences[0], *body)),
    )


def _independent(base: Base) -> Iterator[Pair]:
    yield "independent", False, base.first, base.second
    cut = [Text(t.outlet, t.title, (" ".join(t.sentences)[:EXCERPT] + "..",)) for t in (base.first, base.second)]
    yield "independent", False, cut[0], cut[1]
    said = tuple(s for s in base.first.sentences if "“" in s)
    if said:  # both reporters heard the same sentence
        quoting = base.second.sentences[:2] + said + base.second.sentences[2:]
        yield "quoted", False, base.first, replace(base.second, sentences=quoting)


def _titles(bases: list[Base]) -> Iterator[Pair]:
    for base, other in pairwise([*bases, bases[0]]):
        title = Text("A", base.first.title, ())
        yield "title", True, title, Text("B", re.sub(r"[“”‘’,…]", " ", base.first.title), ())
        yield "other-title", False, title, Text("B", base.second.title, ())
        yield "other-title", False, title, Text("A", other.first.title, ())


def _boilerplate(bases: list[Base], dress: Dress) -> Iterator[Pair]:
    tail = dress.house + dress.tails[0]
    for one, other in combinations(bases, 2):
        a, b = (replace(x.first, outlet="D", head=dress.heads[0], tail=tail) for x in (one, other))
        yield "boilerplate", False, a, b
    for one, other in pairwise(bases):  # excerpts, in which the outlet's own lines are most of the text
        a, b = (Text("E", x.first.title, (x.second.sentences[0],), tail=tail) for x in (one, other))
        yield "boilerplate", False, a, b


def _digest(bases: list[Base]) -> Iterator[Pair]:
    leads = tuple(base.first.sentences[0] for base in bases)
    for base in bases[1:]:
        excerpt = " ".join(base.first.sentences)[:EXCERPT] + ".."
        yield "digest", False, Text("D", "", leads, glue="\n"), Text("A", base.first.title, (excerpt,))


def record(number: int, pair: Pair, language: str) -> dict[str, object]:
    """Give a pair as it is written."""
    kind, copy, one, other = pair
    shared = round(share(" ".join(one.sentences), " ".join(other.sentences), language), 3)
    texts = [{"outlet": t.outlet, "title": t.title, "body": t.body} for t in (one, other)]
    return {"id": f"{language}-{number}", "kind": kind, "copy": copy, "shared": shared, "texts": texts}


def main() -> None:
    """Write the pairs of every language."""
    for language in LANGUAGES:
        lines = [
            json.dumps(record(number, pair, language), ensure_ascii=False)
            for number, pair in enumerate(pairs(language), 1)
        ]
        (GOLD / f"{language}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
