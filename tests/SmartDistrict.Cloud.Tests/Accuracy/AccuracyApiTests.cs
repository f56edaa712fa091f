using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Live;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Accuracy;

public sealed class TheAccuracyOfALine(SharedCloud shared) : IClassFixture<SharedCloud>
{
    [Fact]
    public async Task Is_told_of_complete_windows_since_it_stands_where_it_does()
    {
        await using var app = new CloudApp();
        var start = app.Now - 7200;
        await WriteAsync(app, CloudApp.Token1,
            Quarter(start, 90, 50), Quarter(start + 900, 80, 52), Quarter(start + 1800, 70, 47, WindowStatus.Partial),
            Quarter(start + 2700, 60, 30) with { Counts = new() { Entries = 60, Exits = 30, UnplacedEntries = 3, Received = 1 } });
        await CountAsync(app, "ln-1", start, start + 1800, 200, 100);
        await CountAsync(app, "ln-1", start, start + 900, 100, null);
        await CountAsync(app, "ln-1", start + 1800, start + 2700, 75, 50);
        await CountAsync(app, "ln-1", start + 2700, start + 3600, 75, 50);
        await CountAsync(app, "ln-1", start + 3600, start + 4500, 75, 50);
        var taken = await CountAsync(app, "ln-1", start, start + 900, 1000, 1000);
        using var gone = await app.Operator().DeleteAsync(new Uri($"/api/v1/lines/ln-1/manual-counts/{taken}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);

        var record = await app.Viewer().JsonAsync("/api/v1/lines/ln-1/accuracy");
        var entries = record.GetProperty("entries");
        Assert.Equal((2, 300, 260), (entries.GetProperty("counts").GetInt32(), entries.GetProperty("manual").GetInt32(), entries.GetProperty("counted").GetInt32()));
        Assert.Equal(-0.1333, entries.GetProperty("error").GetDouble(), 4);
        Assert.True(entries.GetProperty("errorLow").GetDouble() < -0.1333 && entries.GetProperty("errorHigh").GetDouble() > -0.1333);
        Assert.Equal(1.154, entries.GetProperty("factor").GetDouble());
        Assert.Equal((1, 100, 102), (record.GetProperty("exits").GetProperty("counts").GetInt32(), record.GetProperty("exits").GetProperty("manual").GetInt32(), record.GetProperty("exits").GetProperty("counted").GetInt32()));
        Assert.Equal(
            ["null null 75", "incomplete 60 75", "incomplete 70 75", "withdrawn 90 1000", " 90 100", " 170 200"],
            record.GetProperty("counts").EnumerateArray().Select((count, i) => i == 0
                ? $"{(count.GetProperty("countedEntries").ValueKind == JsonValueKind.Null ? "null" : "?")} null {count.GetProperty("entries")}"
                : $"{count.GetProperty("notCompared")} {count.GetProperty("countedEntries")} {count.GetProperty("entries")}"));
        Assert.Equal(["calibration.withdraw", .. Enumerable.Repeat("calibration.count", 6)], await ActsAsync(app));
    }

    [Fact]
    public async Task Begins_anew_where_the_line_was_moved()
    {
        await using var app = new CloudApp();
        var moved = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeSeconds();
        await WriteAsync(app, CloudApp.Token2,
            Lines.Window("ln-4", Resolution.QuarterHour, moved - 900, 40, 40), Lines.Window("ln-4", Resolution.QuarterHour, moved, 44, 40));
        await CountAsync(app, "ln-4", moved - 900, moved, 80, 80);
        await CountAsync(app, "ln-4", moved, moved + 900, 40, 40);
        var record = await app.Viewer().JsonAsync("/api/v1/lines/ln-4/accuracy");
        Assert.Equal(0.1, record.GetProperty("entries").GetProperty("error").GetDouble(), 9);
        Assert.Equal("moved", record.GetProperty("counts")[1].GetProperty("notCompared").GetString());
    }

    [Fact]
    public async Task A_factor_is_told_to_who_is_looking_now_and_to_who_comes_later()
    {
        await using var app = new CloudApp();
        using var looking = await EventStream.OpenAsync(app.Viewer());
        using var set = await app.Operator().PostAsJsonAsync("/api/v1/lines/ln-1/factors", new { entries = 1.5, exits = 1.0 }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        using var later = await EventStream.OpenAsync(app.Viewer());
        foreach (var stream in (EventStream[])[looking, later])
        {
            var told = await stream.NextAsync();
            while (told.Name != "lines")
                told = await stream.NextAsync();
            Assert.Equal(app.Now, told.Data.GetProperty("at").GetInt64() / 1000);
        }
        var lines = await app.Viewer().JsonAsync("/api/v1/lines");
        Assert.Equal(1.5, lines.GetProperty("features")[0].GetProperty("properties").GetProperty("calibration")[0].GetProperty("entries").GetDouble());
    }

    [Fact]
    public async Task A_factor_holds_from_its_date_on_and_leaves_what_was_told_before()
    {
        await using var app = new CloudApp();
        var start = app.Now;
        await WriteAsync(app, CloudApp.Token1, Quarter(start - 3600, 100, 100));
        Assert.Equal((100, 100), await VisitsAsync(app, start - 3600));

        using var set = await app.Operator().PostAsJsonAsync("/api/v1/lines/ln-1/factors", new { entries = 1.5, exits = 0.5, note = "six quarter hours" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        var before = await app.Viewer().JsonAsync("/api/v1/lines/ln-1/accuracy");
        Assert.Equal(JsonValueKind.Null, before.GetProperty("inForce").ValueKind);
        Assert.Equal(start + 900, before.GetProperty("factors")[0].GetProperty("since").GetInt64());

        app.Clock.JumpTo(app.Clock.GetUtcNow().AddHours(2));
        await WriteAsync(app, CloudApp.Token1, Quarter(start + 900, 100, 100));
        Assert.Equal((100, 100), await VisitsAsync(app, start - 3600));
        Assert.Equal((150, 100), await VisitsAsync(app, start));
        // the map shows what was counted, and is told of the factor so that it can say so
        var (from, to) = (DateTimeOffset.FromUnixTimeSeconds(start + 900), DateTimeOffset.FromUnixTimeSeconds(start + 1800));
        var map = await app.Viewer().JsonAsync($"/api/v1/footfall/heatmap?bucket=15m&from={from:yyyy-MM-ddTHH:mm:ssZ}&to={to:yyyy-MM-ddTHH:mm:ssZ}");
        Assert.Equal(100, map.GetProperty("values")[0][0].GetInt64());
        var told = (await app.Viewer().JsonAsync("/api/v1/lines")).GetProperty("features")[0].GetProperty("properties").GetProperty("calibration")[0];
        Assert.Equal((from, 1.5, 0.5), (told.GetProperty("since").GetDateTimeOffset(), told.GetProperty("entries").GetDouble(), told.GetProperty("exits").GetDouble()));
        using var end = await app.Operator().PostAsJsonAsync("/api/v1/lines/ln-1/factors", new { entries = 1.0, exits = 1.0 }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);
        app.Clock.JumpTo(app.Clock.GetUtcNow().AddHours(2));
        Assert.Equal((150, 100), await VisitsAsync(app, start));
        Assert.Equal(1, (await app.Viewer().JsonAsync("/api/v1/lines/ln-1/accuracy")).GetProperty("inForce").GetProperty("entries").GetDouble());
        Assert.Equal(["calibration.set", "calibration.set"], await ActsAsync(app));
    }

    [Theory]
    [InlineData("""{}""", "invalid")]
    [InlineData("""{"from":1772434801,"to":1772435700,"entries":1}""", "quarter-invalid")]
    [InlineData("""{"from":1772435700,"to":1772434800,"entries":1}""", "range-invalid")]
    [InlineData("""{"from":1772334000,"to":1772434800,"entries":1}""", "range-invalid")]
    [InlineData("""{"from":1772438400,"to":1772439300,"entries":1}""", "range-in-future")]
    [InlineData("""{"from":1772434800,"to":1772435700}""", "count-missing")]
    [InlineData("""{"from":1772434800,"to":1772435700,"entries":-1}""", "invalid")]
    public async Task Refuses_a_count_that_cannot_be(string body, string code)
    {
        using var response = await shared.App.Operator().PostToAsync("/api/v1/lines/ln-1/manual-counts", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("""{"entries":0.4}""", "invalid")]
    [InlineData("""{"note":"after the rain"}""", "factor-missing")]
    [InlineData("""{"entries":1.1,"exits":2.1}""", "invalid")]
    [InlineData("""{"since":1772438400,"entries":1.1}""", "since-invalid")]
    [InlineData("""{"since":1772439301,"entries":1.1}""", "since-invalid")]
    [InlineData("""{"since":4000000500,"entries":1.1}""", "since-invalid")]
    public async Task Refuses_a_factor_that_would_change_the_past_or_cannot_be(string body, string code)
    {
        using var response = await shared.App.Operator().PostToAsync("/api/v1/lines/ln-1/factors", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Is_for_all_to_see_and_for_operators_to_keep()
    {
        using var looks = await shared.App.Viewer().PostAsJsonAsync("/api/v1/lines/ln-1/factors", new { entries = 1.1 }, TestContext.Current.CancellationToken);
        await looks.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        using var nowhere = await shared.App.Viewer().GetFromAsync("/api/v1/lines/ln-9/accuracy");
        await nowhere.ProblemAsync(HttpStatusCode.NotFound, "line-unknown");
        using var none = await shared.App.Operator().DeleteAsync(new Uri("/api/v1/lines/ln-1/manual-counts/99", UriKind.Relative), TestContext.Current.CancellationToken);
        await none.ProblemAsync(HttpStatusCode.NotFound, "count-unknown");
    }

    private static LineWindow Quarter(long start, long entries, long exits, WindowStatus status = WindowStatus.Complete) =>
        Lines.Window("ln-1", Resolution.QuarterHour, start, entries, exits, status);

    private static async Task<(double In, long Counted)> VisitsAsync(CloudApp app, long at)
    {
        var period = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(at), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).ToString("yyyy-MM-ddTHH", null);
        var figures = (await app.Viewer().JsonAsync($"/api/v1/numbers?period={period}")).GetProperty("areas")[0].GetProperty("figures");
        return (figures.GetProperty("visits").GetProperty("value").GetDouble(), figures.GetProperty("visitsCounted").GetInt64());
    }

    private static async Task<List<string>> ActsAsync(CloudApp app) =>
        [.. (await app.Administrator().JsonAsync("/api/v1/audit?act=calibration")).GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("act").GetString()!)];

    private static async Task<long> CountAsync(CloudApp app, string line, long from, long to, long? entries, long? exits)
    {
        using var made = await app.Operator().PostAsJsonAsync($"/api/v1/lines/{line}/manual-counts", new { from, to, entries, exits }, TestContext.Current.CancellationToken);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetInt64();
    }

    private static async Task WriteAsync(CloudApp app, string token, params LineWindow[] windows)
    {
        using var written = await app.Gateway(token).PostToAsync("/api/v2/write?precision=s", Lines.Body(windows));
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
    }
}
