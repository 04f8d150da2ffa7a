"""The policy briefing service: days, pages, and its three shapes of error."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from asking import NOW, Brought, bring, bring_into, make_source, make_visit
from hypothesis import given
from hypothesis import strategies as st
from loopback import Answer, Asked, Server

from collectors.contract import Page, Visit
from collectors.fetch import Client
from collectors.kinds.briefing import collect, decoded_key, parse_briefings
from collectors.outcome import SourceError
from collectors.source import Source, SourceFileError

PATH = "/1371000/pressReleaseService/pressReleaseList"
KEY = "aB3+/x=="
MIDNIGHT = datetime(2026, 11, 23, 15, tzinfo=UTC)  # the 24th begins in Korea


def news_item(
    number: int, approved: str = "11/24/2026 09:00:00", ministry: str = "외교부", title: str = "한-아세안"
) -> str:
    return f"""<NewsItem><NewsItemId>{number}</NewsItemId><Title><![CDATA[{title} {number}]]></Title>
<SubTitle1><![CDATA[- 부제 -]]></SubTitle1><SubTitle2/><SubTitle3/>
<DataContents><![CDATA[<p>첫 문장.</p><p>둘째 &amp; 끝.</p>]]></DataContents>
<MinisterCode>{ministry}</MinisterCode><ModifyDate>11/25/2026 10:00:00</ModifyDate><ApproveDate>{approved}</ApproveDate>
<OriginalUrl>https://www.korea.kr/briefing/pressReleaseView.do?newsId={number}</OriginalUrl>
<FileName>a.hwpx</FileName><FileUrl>u</FileUrl><FileName>b.pdf</FileName><FileUrl>v</FileUrl></NewsItem>"""


def response(*items: str, code: str = "0", message: str = "NORMAL_SERVICE") -> str:
    header = f"<header><resultCode>{code}</resultCode><resultMsg>{message}</resultMsg></header>"
    return f'<?xml version="1.0" encoding="UTF-8"?><response>{header}<body>{"".join(items)}</body></response>'


def service(server: Server, **changes: object) -> Source:
    return make_source("briefing", server.url(PATH), key=("DATA_GO_KR_KEY",), kind="official", **changes)


def asking(since: datetime = MIDNIGHT, key: str = KEY, **changes: object) -> Visit:
    return make_visit(since=since, keys={"DATA_GO_KR_KEY": key}, **changes)


@pytest.mark.anyio
async def test_a_release_becomes_a_document(server: Server, fetch: Client) -> None:
    server.add(PATH, response(news_item(1)))
    brought = await bring(collect, service(server), fetch, asking())
    (document,) = brought.documents
    assert (document.title, document.body) == ("한-아세안 1", "- 부제 -\n첫 문장.\n둘째 & 끝.")
    assert document.keywords == "외교부"
    assert document.keys == ("url:https://www.korea.kr/briefing/pressReleaseView.do?newsId=1",)
    assert document.published is not None
    assert (document.published.at, document.published.how) == ("2026-11-24T00:00:00+00:00", "stated")
    assert brought.status is None


@pytest.mark.anyio
@pytest.mark.parametrize("key", [KEY, "aB3%2B%2Fx%3D%3D"], ids=["decoded", "encoded"])
async def test_either_form_of_the_key_is_encoded_once(server: Server, fetch: Client, key: str) -> None:
    server.add(PATH, response())
    await bring(collect, service(server), fetch, asking(key=key))
    (asked,) = server.pages
    assert "serviceKey=aB3%2B%2Fx%3D%3D" in asked.target
    assert server.asked("/robots.txt") == []  # an API documents its use


def answer_days(server: Server, rows: int, per_day: int, *, repeats: bool = False) -> None:
    """A service with so many releases a day; behind the last page it shows nothing, or that page again."""

    def answer(asked: Asked) -> Answer:
        day, page = asked.query["startDate"], int(asked.query["pageNo"])
        assert asked.query["endDate"] == day
        numbers = range(int(day) * 1000, int(day) * 1000 + per_day)
        pages = [numbers[n : n + rows] for n in range(0, per_day, rows)] or [range(0)]
        if page > len(pages):
            page = len(pages) if repeats else 0
        approved = f"{day[4:6]}/{day[6:]}/{day[:4]} 09:00:00"
        return Answer(response(*(news_item(n, approved) for n in (pages[page - 1] if page else ()))).encode())

    server.respond(PATH, answer)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("per_day", "repeats", "pages"), [(0, False, 1), (3, False, 2), (4, False, 3), (4, True, 3), (2, True, 2)]
)
async def test_each_day_is_asked_for_alone_and_page_by_page(
    server: Server, fetch: Client, per_day: int, *, repeats: bool, pages: int
) -> None:
    answer_days(server, 2, per_day, repeats=repeats)
    source = service(server, options={"rows": 2})
    brought = await bring(collect, source, fetch, asking(MIDNIGHT - timedelta(days=2)))
    asked = Counter(request.query["startDate"] for request in server.pages)
    assert asked == {"20261122": pages, "20261123": pages, "20261124": pages}
    assert len(brought.documents) == 3 * per_day
    assert Counter(brought.days) == ({f"2026-11-{day}": per_day for day in (22, 23, 24)} if per_day else {})


@pytest.mark.anyio
async def test_a_visit_that_was_cut_off_goes_on_with_the_day_after_the_last_saved(
    server: Server, fetch: Client
) -> None:
    answer_days(server, 100, 1)
    visit = asking(MIDNIGHT - timedelta(days=2))
    memory: dict[str, str] = {}
    batches = 0
    async for batch in collect(service(server), fetch, visit):
        memory |= batch.memory
        batches += 1
        if batches == 4:  # two days: each a batch of documents, and one that says it is over
            break
    rest = await bring(collect, service(server), fetch, asking(MIDNIGHT - timedelta(days=2), memory=memory))
    assert rest.days == ["2026-11-24"]
    again = await bring(collect, service(server), fetch, asking(MIDNIGHT - timedelta(days=2), memory=rest.memory))
    assert len(again.documents) == 3  # that visit was over: the next is a new one


@pytest.mark.anyio
async def test_only_the_named_ministries_are_kept(server: Server, fetch: Client) -> None:
    server.add(PATH, response(news_item(1), news_item(2, ministry="산업통상부"), news_item(3, ministry="법무부")))
    source = service(server, options={"ministries": ["외교부", "산업통상부"]})
    assert len((await bring(collect, source, fetch, asking())).documents) == 2


@pytest.mark.anyio
async def test_a_release_without_a_date_of_approval_is_undated(server: Server, fetch: Client) -> None:
    server.add(PATH, response(news_item(1, ""), news_item(2, "13/45/2026 00:00:00")))
    assert (await bring(collect, service(server), fetch, asking())).days == [None, None]


def gateway(code: int, auth: str, message: str = "SERVICE ERROR") -> str:
    return f"""<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>{message}</errMsg><returnAuthMsg>{auth}</returnAuthMsg>
<returnReasonCode>{code}</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"""


def as_json(code: int, auth: str) -> str:
    header = {"errMsg": "SERVICE ERROR", "returnAuthMsg": auth, "returnReasonCode": str(code)}
    return json.dumps({"OpenAPI_ServiceResponse": {"cmmMsgHeader": header}})


NOT_REGISTERED = "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"
ERRORS = [
    (200, gateway(30, NOT_REGISTERED), "auth"),
    (403, gateway(30, NOT_REGISTERED), "auth"),
    (200, gateway(30, "SERVICE ERROR", NOT_REGISTERED), "auth"),  # the fields swapped
    (403, as_json(30, NOT_REGISTERED), "auth"),
    (200, as_json(22, "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"), "quota"),
    (200, gateway(22, "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"), "quota"),
    (200, gateway(20, "SERVICE_ACCESS_DENIED_ERROR"), "auth"),
    (200, gateway(31, "DEADLINE_HAS_EXPIRED_ERROR"), "auth"),
    (200, gateway(32, "UNREGISTERED_IP_ERROR"), "auth"),
    (200, gateway(12, "NO_OPENAPI_SERVICE_ERROR"), "gone"),
    (200, gateway(10, "INVALID_REQUEST_PARAMETER_ERROR"), "rejected_query"),
    (200, gateway(1, "APPLICATION ERROR"), "unreachable"),
    (200, gateway(99, "UNKNOWN ERROR"), "unreachable"),
    (200, response(code="98", message="THREE_DAYS_OVER_ERROR"), "rejected_query"),
    (200, "Unexpected errors", "unreachable"),
    (403, "Unexpected errors", "unreachable"),
    (403, "Forbidden", "auth"),
    (200, "", "wrong_content"),
    (200, "<!DOCTYPE html><title>점검 중</title>", "wrong_content"),
    (200, "<response><header>", "malformed"),
    (200, "{", "malformed"),
    (200, '<!DOCTYPE r [<!ENTITY a "b">]><response>&a;</response>', "malformed"),
    (500, "", "unreachable"),
    (401, "Unauthorized", "auth"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("http", "body", "status"), ERRORS)
async def test_every_shape_of_error_has_its_status(
    server: Server, fetch: Client, http: int, body: str, status: str
) -> None:
    server.add(PATH, body, status=http)
    with pytest.raises(SourceError) as caught:
        await bring(collect, service(server), fetch.visit(keys=[KEY], private=True), asking())
    assert caught.value.status == status
    assert KEY not in caught.value.detail


@pytest.mark.anyio
async def test_no_data_is_a_day_without_releases(server: Server, fetch: Client) -> None:
    for body in (response(code="03", message="NODATA_ERROR"), gateway(3, "NODATA_ERROR"), response(code="00")):
        server.add(PATH, body)
        assert (await bring(collect, service(server), fetch, asking())).documents == []


@pytest.mark.anyio
async def test_what_came_before_an_error_is_kept(server: Server, fetch: Client) -> None:
    server.add(PATH, response(news_item(1)))
    server.add(PATH, gateway(22, "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"))
    brought = Brought()
    with pytest.raises(SourceError):
        await bring_into(brought, collect, service(server), fetch, asking(MIDNIGHT - timedelta(days=1)))
    assert brought.refusals == []
    assert brought.memory  # of the day that is over


@pytest.mark.anyio
async def test_a_missing_key_is_told(server: Server, fetch: Client) -> None:
    with pytest.raises(SourceError, match="DATA_GO_KR_KEY"):
        await bring(collect, service(server), fetch, make_visit(since=MIDNIGHT))
    with pytest.raises(SourceFileError, match="key"):
        await bring(collect, make_source("briefing"), fetch, asking())


def test_a_key_is_decoded_only_where_it_is_encoded() -> None:
    assert decoded_key("a+b/c==") == "a+b/c=="
    assert decoded_key("a%2Bb%2Fc%3D%3D") == "a+b/c=="
    assert decoded_key("100%") == "100%"


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda t: response(news_item(1, t, t, t)).encode("utf-8", "replace"))
)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    page = Page("https://apis.data.go.kr/", 200, {}, content, "", "application/xml")
    refused: SourceError | None = None
    try:
        parse_briefings(page)
    except SourceError as error:
        refused = error
    assert refused is None or refused.detail


def test_now_is_within_the_day() -> None:
    assert MIDNIGHT < NOW < MIDNIGHT + timedelta(days=1)
