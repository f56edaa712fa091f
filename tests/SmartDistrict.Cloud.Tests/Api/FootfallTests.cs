using System.Net;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class FootfallOverTime(SharedCloud shared) : IClassFixture<SharedCloud>
{
    [Fact]
    public async Task Comes_back_as_it_was_written_by_zone_line_and_flow()
    {
        await using var app = new CloudApp();
        var minute = app.Now - 600;
        using var written = await app.Gateway().PostToAsync("/api/v2/write?org=o&bucket=b&precision=s", Lines.Body(
            Lines.Window("ln-1", Resolution.Minute, minute, entries: 7, exits: 2, expected: 3, received: 3, revision: 11),
            Lines.Window("ln-2", Resolution.Minute, minute, entries: 1, exits: 4, expected: 3, received: 3, revision: 12),
            Lines.Window("ln-3", Resolution.Minute, minute, entries: 3, exits: 0, expected: 3, received: 3, revision: 13)));
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
        var client = app.Operator();

        var zones = await client.JsonAsync($"/api/v1/footfall/zones?from={Answers.At(minute)}&to={Answers.At(minute + 120)}&bucket=1m");
        Assert.Equal($"[{minute},{minute + 60}]", zones.GetProperty("starts").GetRawText());
        Assert.Equal(
            """{"zone":"plaza","entries":[11,null],"exits":[6,null],"unplacedEntries":[0,null],"unplacedExits":[0,null],"occupancy":[5,null],"occupancyStatus":["partial","partial"],"occupancyDrift":[0,0],"expected":[9,null],"received":[9,null],"status":["complete","none"],"revision":[36,null]}""",
            zones.GetProperty("zones")[0].GetRawText());

        var lines = await client.JsonAsync($"/api/v1/footfall/lines?from={Answers.At(minute)}&to={Answers.At(minute + 60)}&bucket=1m");
        Assert.Equal("[7]", lines.GetProperty("lines")[0].GetProperty("entries").GetRawText());

        var flows = await client.JsonAsync($"/api/v1/footfall/flows?from={Answers.At(minute)}&to={Answers.At(minute + 60)}");
        Assert.Contains("""{"from":"plaza","to":"hall","count":3,"unplaced":0,"status":"complete"}""", flows.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-03-02T07:00:30%2B00:00&to=2026-03-02T07:01:01Z", "1m", 2)]
    [InlineData("from=2026-03-02T15:00:00%2B08:00&to=2026-03-02T16:00:00%2B08:00", "15m", 4)]
    [InlineData("from=2026-03-02T00:59Z&to=2026-03-02T07:00:00.001Z", "1h", 8)]
    public async Task Takes_the_span_out_to_whole_buckets(string span, string bucket, int buckets)
    {
        var app = shared.App;
        var answer = await app.Operator().JsonAsync($"/api/v1/footfall/zones?{span}&bucket={bucket}");
        Assert.Equal(buckets, answer.GetProperty("starts").GetArrayLength());
        Assert.Equal(buckets, answer.GetProperty("zones")[0].GetProperty("status").GetArrayLength());
    }

    [Theory]
    [InlineData("zones", "", "invalid")]
    [InlineData("zones", "from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=5m", "invalid")]
    [InlineData("zones", "from=yesterday&to=2026-03-02T08:00:00Z&bucket=1m", "instant-invalid")]
    [InlineData("zones", "from=2026-03-02T07:00:00&to=2026-03-02T08:00:00+08:00&bucket=1m", "instant-invalid")]
    [InlineData("zones", "from=2026-03-02T08:00:00Z&to=2026-03-02T07:00:00Z&bucket=1m", "range-empty")]
    [InlineData("zones", "from=2026-03-02T07:00:00Z&to=2026-03-02T09:00:00Z&bucket=1m", "range-in-future")]
    [InlineData("zones", "from=2026-03-01T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=1m", "range-too-long")]
    [InlineData("lines", "from=2026-03-02T08:00:00Z&to=2026-03-02T07:00:00Z&bucket=1m", "range-empty")]
    [InlineData("lines", "", "invalid")]
    [InlineData("flows", "from=2026-03-02T08:00:00Z&to=2026-03-02T07:00:00Z", "range-empty")]
    [InlineData("flows", "from=2025-01-01T00:00:00Z&to=2026-03-02T07:00:00Z", "range-too-long")]
    [InlineData("flows", "to=2026-03-02T07:00:00Z", "invalid")]
    public async Task Refuses_a_question_it_cannot_answer(string what, string query, string code)
    {
        var app = shared.App;
        using var response = await app.Operator().GetFromAsync($"/api/v1/footfall/{what}?{query}");
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Answers_a_day_of_minutes()
    {
        var app = shared.App;
        var answer = await app.Operator().JsonAsync("/api/v1/footfall/zones?from=2026-03-01T08:00:00Z&to=2026-03-02T08:00:00Z&bucket=1m");
        Assert.Equal(1440, answer.GetProperty("starts").GetArrayLength());
    }
}
