using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class TheCalendar(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string Year = "/api/v1/calendar?from=2026-01-01&to=2026-12-31";

    private static readonly string WithHolidays = TestDistrict.Yaml.Replace("gateways:",
        """
        calendar:
          - {from: 2026-02-15, to: 2026-02-23, kind: holiday, name: {zh: 春节, en: Spring Festival}}
          - {from: 2026-02-28, kind: workday, name: {zh: 班, en: Worked}}
        gateways:
        """, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-01-01", "2026-12-31", "春节 班")]
    [InlineData("2026-02-23", "2026-02-27", "春节")]
    [InlineData("2026-02-24", "2026-02-27", "")]
    [InlineData("2026-01-01", "2026-02-15", "春节")]
    [InlineData("2026-02-28", "2026-02-28", "班")]
    public async Task Has_the_entries_of_the_districts_file_that_touch_the_span(string from, string to, string names)
    {
        await using var app = new CloudApp(WithHolidays);
        var entries = (await app.Viewer().JsonAsync($"/api/v1/calendar?from={from}&to={to}")).GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(names, string.Join(' ', entries.Select(Zh)));
        Assert.All(entries, entry => Assert.Equal(JsonValueKind.Null, entry.GetProperty("id").ValueKind));
    }

    [Fact]
    public async Task Takes_events_of_operators_keeps_them_and_lets_them_go_again_and_the_audit_knows()
    {
        await using var app = new CloudApp(WithHolidays);
        using var made = await PostAsync(app.Operator(), new { from = "2026-02-20", to = "2026-02-21", kind = "event", nameEn = " <b>Lanterns</b> " });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var entries = (await app.Viewer().JsonAsync(Year)).GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["春节", "<b>Lanterns</b>", "班"], entries.Select(Zh));
        Assert.Equal(("2026-02-20", "2026-02-21", "event", 1), (entries[1].GetProperty("from").GetString(), entries[1].GetProperty("to").GetString(), entries[1].GetProperty("kind").GetString(), entries[1].GetProperty("id").GetInt64()));

        using var gone = await app.Operator().DeleteAsync(made.Headers.Location, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(2, (await app.Viewer().JsonAsync(Year)).GetProperty("entries").GetArrayLength());
        using var again = await app.Operator().DeleteAsync(made.Headers.Location, TestContext.Current.CancellationToken);
        await again.ProblemAsync(HttpStatusCode.NotFound, "entry-unknown");
        Assert.Equal(["calendar.remove", "calendar.add"],
            (await app.Administrator().JsonAsync("/api/v1/audit?act=calendar")).GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("act").GetString()));
    }

    [Theory]
    [InlineData("", "date-invalid")]
    [InlineData("?from=2026-01-01", "date-invalid")]
    [InlineData("?from=2026-01-01&to=2026-02-30", "date-invalid")]
    [InlineData("?from=2026-01-02&to=2026-01-01", "range-empty")]
    [InlineData("?from=1000-01-01&to=2026-01-01", "range-too-long")]
    public async Task Refuses_a_question_that_makes_no_sense(string query, string code)
    {
        var app = shared.App;
        using var response = await app.Viewer().GetFromAsync("/api/v1/calendar" + query);
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("""{"from":"2026-02-20","kind":"event"}""", "name-missing")]
    [InlineData("""{"from":"2026-02-20","kind":"event","nameZh":"  "}""", "name-missing")]
    [InlineData("""{"from":"2026-02-20","to":"2026-02-19","kind":"event","nameZh":"节"}""", "range-empty")]
    [InlineData("""{"from":"2026-02-20","to":"2028-02-19","kind":"event","nameZh":"节"}""", "range-too-long")]
    [InlineData("""{"kind":"event","nameZh":"节"}""", "invalid")]
    [InlineData("""{"from":"2026-02-20","nameZh":"节"}""", "invalid")]
    [InlineData("""{"from":"2026-02-20","kind":"event","nameZh":"节\u202E"}""", "invalid")]
    [InlineData("""{"from":"2026-02-20","kind":-1,"nameZh":"节"}""", "bad-request")]
    [InlineData("""{"from":"20 Feb","kind":"event","nameZh":"节"}""", "bad-request")]
    [InlineData("""{"from":"2026-02-20","kind":"feast","nameZh":"节"}""", "bad-request")]
    public async Task Refuses_an_entry_that_makes_no_sense(string body, string code)
    {
        var app = shared.App;
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await app.Operator().PostToAsync("/api/v1/calendar", content);
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Is_changed_by_operators_only()
    {
        await using var app = new CloudApp();
        using var add = await PostAsync(app.Viewer(), new { from = "2026-02-20", kind = "event", nameZh = "节" });
        await add.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        using var remove = await app.Viewer().DeleteAsync(new Uri("/api/v1/calendar/1", UriKind.Relative), TestContext.Current.CancellationToken);
        await remove.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private static string Zh(JsonElement entry) => entry.GetProperty("name").GetProperty("zh").GetString()!;

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, object entry) =>
        client.PostAsJsonAsync(new Uri("/api/v1/calendar", UriKind.Relative), entry, TestContext.Current.CancellationToken);
}
