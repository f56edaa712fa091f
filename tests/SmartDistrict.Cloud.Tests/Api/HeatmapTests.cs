using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class TheHeatmap(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string LastHour = "from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=15m";

    [Fact]
    public async Task Shows_each_number_with_what_it_is_worth_in_runs()
    {
        await using var app = new CloudApp();
        await WriteAsync(app, Lines.Window("ln-3", Resolution.QuarterHour, app.Now - 3600, entries: 7, exits: 2), Lines.Window("ln-4", Resolution.QuarterHour, app.Now - 3600, entries: 1));
        Assert.Equal(
            """{"measure":"entries","bucket":"15m","from":1772434800,"to":1772438400,"starts":[1772434800,1772435700,1772436600,1772437500],"zones":["hall"],"values":[[8,null,null,null]],"status":["c1n3"],"stale":null}""",
            (await app.Operator().JsonAsync($"/api/v1/footfall/heatmap?{LastHour}&zone=hall")).GetRawText());
        var exits = await app.Operator().JsonAsync($"/api/v1/footfall/heatmap?{LastHour}&measure=exits");
        Assert.Equal("[[7,null,null,null],[2,null,null,null]]", exits.GetProperty("values").GetRawText());
        Assert.Equal("""["m1n3","c1n3"]""", exits.GetProperty("status").GetRawText());
    }

    [Fact]
    public async Task Shows_a_business_day_as_the_sum_of_its_hours_whenever_these_come()
    {
        await using var app = new CloudApp();
        var morning = new DateTimeOffset(2026, 2, 10, 4, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeSeconds();
        const string days = "/api/v1/footfall/heatmap?from=2026-02-10T12:00:00%2B08:00&to=2026-02-11T12:00:00%2B08:00&bucket=1d&zone=hall";
        await WriteAsync(app, Lines.Window("ln-3", Resolution.Hour, morning, entries: 5), Lines.Window("ln-3", Resolution.Hour, morning + (23 * 3600), entries: 6), Lines.Window("ln-3", Resolution.Hour, morning + 86_400, entries: 100));
        var first = await app.Operator().JsonAsync(days);
        Assert.Equal($"[{morning},{morning + 86_400}]", first.GetProperty("starts").GetRawText());
        Assert.Equal("[[11,100]]", first.GetProperty("values").GetRawText());
        Assert.Equal("""["m2"]""", first.GetProperty("status").GetRawText());

        await WriteAsync(app, Lines.Window("ln-3", Resolution.Hour, morning, entries: 4, revision: 2));
        Assert.Equal("[[10,100]]", (await app.Operator().JsonAsync(days)).GetProperty("values").GetRawText());
    }

    [Fact]
    public async Task Is_not_sent_again_until_something_has_changed()
    {
        await using var app = new CloudApp();
        await WriteAsync(app, Lines.Window("ln-3", Resolution.QuarterHour, app.Now - 3600, entries: 7, revision: 1));
        var client = app.Operator();
        var path = $"/api/v1/footfall/heatmap?{LastHour}";
        using var first = await client.GetFromAsync(path);
        var tag = first.Headers.ETag!;
        client.DefaultRequestHeaders.IfNoneMatch.Add(tag);
        using (var same = await client.GetFromAsync(path))
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        await WriteAsync(app, Lines.Window("ln-3", Resolution.QuarterHour, app.Now - 3600, entries: 8, revision: 2));
        using var other = await client.GetFromAsync(path);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.NotEqual(tag, other.Headers.ETag);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Comes_packed_to_who_takes_it(string encoding)
    {
        var client = shared.App.Operator();
        var path = $"/api/v1/footfall/heatmap?{LastHour}";
        var plain = await client.GetByteArrayAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd(encoding);
        using var response = await client.GetFromAsync(path);
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        await using var packed = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using Stream unpacked = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        using var text = new MemoryStream();
        await unpacked.CopyToAsync(text, TestContext.Current.CancellationToken);
        Assert.Equal(plain, text.ToArray());
    }

    [Theory]
    [InlineData("", "invalid")]
    [InlineData("from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=1w", "invalid")]
    [InlineData(LastHour + "&measure=dwell", "invalid")]
    [InlineData(LastHour + "&zone=nowhere", "zone-unknown")]
    [InlineData(LastHour + "&zone=plaza&zone=%3Cscript%3E", "zone-unknown")]
    [InlineData("from=2026-03-02T08:00:00Z&to=2026-03-02T07:00:00Z&bucket=15m", "range-empty")]
    [InlineData("from=2026-03-02T07:00:00Z&to=2026-03-04T07:00:00Z&bucket=15m", "range-in-future")]
    [InlineData("from=0001-01-01T00:00:00Z&to=2026-03-02T07:00:00Z&bucket=1d", "instant-invalid")]
    [InlineData("from=1971-01-01T00:00:00Z&to=2026-03-02T07:00:00Z&bucket=15m", "range-too-long")]
    [InlineData("from=2026-03-01T07:00:00Z&to=2026-03-02T07:00:00Z&bucket=1d&measure=occupancy", "measure-invalid")]
    [InlineData("from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=1m&measure=occupancy", "measure-invalid")]
    public async Task Refuses_a_question_it_cannot_answer(string query, string code)
    {
        using var response = await shared.App.Operator().GetFromAsync($"/api/v1/footfall/heatmap?{query}");
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Stays_as_last_known_while_the_store_is_away_and_says_since_when_and_why()
    {
        await using var app = new CloudApp();
        var store = new FlakyStore([Lines.Window("ln-3", Resolution.QuarterHour, app.Now - 3600, entries: 7)]);
        await using var service = app.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddSingleton<IFootfallStore>(store)));
        var client = service.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "operator");
        var fresh = await client.JsonAsync($"/api/v1/footfall/heatmap?{LastHour}&zone=hall");
        Assert.Equal("[[7,null,null,null]]", fresh.GetProperty("values").GetRawText());
        Assert.Equal(JsonValueKind.Null, fresh.GetProperty("stale").ValueKind);

        store.Away = true;
        var health = service.Services.GetRequiredService<StoreHealth>();
        while (health.Stale?.Code != "store-away")
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        var last = await client.JsonAsync($"/api/v1/footfall/heatmap?{LastHour}&zone=hall");
        Assert.Equal("[[7,null,null,null]]", last.GetProperty("values").GetRawText());
        Assert.Equal("store-away", last.GetProperty("stale").GetProperty("code").GetString());
        Assert.Equal("the store is away: start it", last.GetProperty("stale").GetProperty("reason").GetString());
        Assert.InRange(last.GetProperty("stale").GetProperty("since").GetInt64(), app.Now - 600, app.Now);
        using var older = await client.GetFromAsync("/api/v1/footfall/heatmap?from=2025-11-01T07:00:00Z&to=2025-11-01T08:00:00Z&bucket=15m");
        await older.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-away");

        store.Away = false;
        while (health.Stale is not null)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task WriteAsync(CloudApp app, params LineWindow[] windows)
    {
        foreach (var (token, lines) in ((string, string[])[])[(CloudApp.Token1, ["ln-1", "ln-2", "ln-3"]), (CloudApp.Token2, ["ln-4"])])
        {
            using var response = await app.Gateway(token).PostToAsync("/api/v2/write?precision=s", Lines.Body(windows.Where(window => lines.Contains(window.Line))));
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }
    }

    private sealed class FlakyStore(IReadOnlyList<LineWindow> windows) : IFootfallStore
    {
        public volatile bool Away;

        public IAsyncEnumerable<LineWindow> ReadAsync(Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation) => Away
            ? throw new StoreUnavailableException("store-away", "the store is away: start it")
            : windows.Where(window => window.Resolution == resolution && window.Start >= from && window.Start < to).ToAsyncEnumerable();

        public Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<long?>>(new long?[spans.Count]);

        public Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DeviceSighting>>([]);
    }
}
