using System.Net;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class TheTotal(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string LastHour = "from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=15m";

    [Fact]
    public async Task Sums_the_zones_that_have_data_and_says_how_many_they_are()
    {
        await using var app = new CloudApp();
        await WriteAsync(app, [
            Lines.Window("ln-3", Resolution.QuarterHour, app.Now - 3600, entries: 7, exits: 2), Lines.Window("ln-4", Resolution.QuarterHour, app.Now - 3600, entries: 1),
            Lines.Window("ln-4", Resolution.QuarterHour, app.Now - 2700, entries: 5)]);
        Assert.Equal(
            """{"measure":"entries","bucket":"15m","from":1772434800,"to":1772438400,"starts":[1772434800,1772435700,1772436600,1772437500],"values":[10,5,null,null],"status":"m2n2","zonesWithData":[2,1,0,0],"zones":2,"reach":5,"stale":null}""",
            (await app.Operator().JsonAsync($"/api/v1/footfall/total?{LastHour}")).GetRawText());
        Assert.Equal("[8,5,null,null]", (await app.Operator().JsonAsync($"/api/v1/footfall/total?{LastHour}&zone=hall")).GetProperty("values").GetRawText());
    }

    [Theory]
    [InlineData("1m", 1)]
    [InlineData("1m", 2)]
    [InlineData("15m", 3)]
    [InlineData("1h", 4)]
    [InlineData("1d", 5)]
    public async Task Is_a_plain_count_of_what_was_written_and_the_sum_of_the_heatmap(string bucket, int seed)
    {
        await using var app = new CloudApp();
        var random = new Random(seed);
        var resolution = bucket switch { "1m" => Resolution.Minute, "15m" => Resolution.QuarterHour, _ => Resolution.Hour };
        var to = app.Now - (3 * 3600);
        var from = to - (bucket == "1m" ? 2 * 3600 : 4 * 86_400);
        var written = new Dictionary<(string, long), LineWindow>();
        for (var i = 1; i <= 400; i++)
        {
            var start = from + (random.NextInt64((to - from) / resolution.Seconds()) * resolution.Seconds());
            var window = Lines.Window($"ln-{random.Next(1, 5)}", resolution, start, random.Next(50), random.Next(50), random.Next(9) == 0 ? WindowStatus.Void : WindowStatus.Complete, revision: i);
            written[(window.Line, start)] = window;
        }
        await WriteAsync(app, written.Values);

        var span = $"from={Answers.At(from)}&to={Answers.At(to)}&bucket={bucket}";
        var total = await app.Operator().JsonAsync($"/api/v1/footfall/total?{span}");
        var starts = total.GetProperty("starts").EnumerateArray().Select(start => start.GetInt64()).Append(total.GetProperty("to").GetInt64()).ToList();
        var district = TestDistrict.Load();
        var plain = Enumerable.Range(0, starts.Count - 1).Select(i => Plain(district, written.Values.Where(window => window.Start >= starts[i] && window.Start < starts[i + 1]))).ToList();
        Assert.Equal(plain, Numbers(total.GetProperty("values")));
        Assert.True(plain.Exists(sum => sum > 0));

        var heatmap = (await app.Operator().JsonAsync($"/api/v1/footfall/heatmap?{span}")).GetProperty("values").EnumerateArray().Select(Numbers).ToList();
        Assert.Equal(plain, Enumerable.Range(0, plain.Count).Select(i => heatmap.Select(zone => zone[i]).Aggregate((a, b) => a is null ? b : b is null ? a : a + b)));
        var sorted = heatmap.SelectMany(zone => zone).OfType<long>().Order().ToList();
        Assert.Equal(sorted[(sorted.Count - 1) * 97 / 100], total.GetProperty("reach").GetInt64());
    }

    [Theory]
    // the clocks go forward at 02:00 on the 30th, back at 03:00 on the 26th; a day begins at 04:00 and so holds the night after it
    [InlineData("2025-03-29T12:00:00Z", "2025-03-29T04:00:00+01:00", 23)]
    [InlineData("2025-03-30T12:00:00Z", "2025-03-30T04:00:00+02:00", 24)]
    [InlineData("2025-10-25T12:00:00Z", "2025-10-25T04:00:00+02:00", 25)]
    public async Task Of_a_day_has_as_many_hours_as_its_clocks_show(string within, string begins, int hours)
    {
        await using var app = new CloudApp(TestDistrict.Yaml
            .Replace("Asia/Shanghai", "Europe/Berlin", StringComparison.Ordinal).Replace("2026-01-01T", "2024-01-01T", StringComparison.Ordinal));
        var noon = DateTimeOffset.Parse(within, null).ToUnixTimeSeconds();
        await WriteAsync(app, Enumerable.Range(-48, 96).Select(hour => Lines.Window("ln-4", Resolution.Hour, noon + (hour * 3600L), entries: 1)));
        var day = await app.Operator().JsonAsync($"/api/v1/footfall/total?from={Answers.At(noon)}&to={Answers.At(noon + 1)}&bucket=1d&zone=plaza");
        Assert.Equal($"[{DateTimeOffset.Parse(begins, null).ToUnixTimeSeconds()}]", day.GetProperty("starts").GetRawText());
        Assert.Equal($"[{hours}]", day.GetProperty("values").GetRawText());
    }

    [Theory]
    [InlineData("", "invalid")]
    [InlineData("from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=1w", "invalid")]
    [InlineData(LastHour + "&zone=nowhere", "zone-unknown")]
    [InlineData("from=2026-03-02T08:00:00Z&to=2026-03-02T07:00:00Z&bucket=15m", "range-empty")]
    [InlineData("from=2026-03-02T07:00:00Z&to=2027-03-04T07:00:00Z&bucket=1d", "range-in-future")]
    [InlineData("from=1971-01-01T00:00:00Z&to=2026-03-02T07:00:00Z&bucket=1m", "range-too-long")]
    [InlineData("from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=1m&measure=occupancy", "measure-invalid")]
    public async Task Refuses_a_question_it_cannot_answer(string query, string code)
    {
        using var response = await shared.App.Operator().GetFromAsync($"/api/v1/footfall/total?{query}");
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    private static List<long?> Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (long?)null : value.GetInt64())];

    /// <summary>Entries into any zone: by either way over a line within the district, by its entries or its exits at the edge.</summary>
    private static long? Plain(District district, IEnumerable<LineWindow> windows)
    {
        long? total = null;
        foreach (var window in windows.Where(window => window.Status != WindowStatus.Void))
        {
            var join = district.Lines.Single(line => line.Id == window.Line).JoinAt(DateTimeOffset.FromUnixTimeSeconds(window.Start))!;
            total = (total ?? 0) + (join.To == District.Outside ? 0 : window.Counts.Entries) + (join.From == District.Outside ? 0 : window.Counts.Exits);
        }
        return total;
    }

    private static async Task WriteAsync(CloudApp app, IEnumerable<LineWindow> windows)
    {
        foreach (var gateway in windows.GroupBy(window => window.Line == "ln-4" ? CloudApp.Token2 : CloudApp.Token1))
        {
            using var response = await app.Gateway(gateway.Key).PostToAsync("/api/v2/write?precision=s", Lines.Body(gateway));
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }
    }
}
