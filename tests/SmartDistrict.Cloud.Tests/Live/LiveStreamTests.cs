using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Live;

public sealed class TheLiveStream
{
    [Fact]
    public async Task Begins_with_everything_and_goes_on_with_what_changes()
    {
        await using var app = new CloudApp();
        var minute = app.Now;
        using var stream = await EventStream.OpenAsync(app.Operator());
        Assert.Equal("text/event-stream", stream.ContentType);
        var (name, snapshot) = await stream.NextAsync();
        Assert.Equal("snapshot", name);
        Assert.Equal(["plaza", "hall"], snapshot.GetProperty("zones").EnumerateArray().Select(zone => zone.GetProperty("zone").GetString()));
        Assert.All(snapshot.GetProperty("zones").EnumerateArray(), zone => Assert.Equal("none", zone.GetProperty("status").GetString()));

        Feed(app, "gw-1", Lines.Window("ln-1", Resolution.Minute, minute, entries: 4, exits: 1, status: WindowStatus.Provisional, revision: 9));
        var plaza = await NextAsync(app, stream, "plaza", zone => zone.GetProperty("entries").ValueKind != System.Text.Json.JsonValueKind.Null);
        Assert.Equal(
            $$"""{"zone":"plaza","start":{{minute}},"entries":4,"exits":1,"unplacedEntries":0,"unplacedExits":0,"last15Entries":4,"last15Exits":1,"last15UnplacedEntries":0,"last15UnplacedExits":0,"occupancy":3,"occupancyStatus":"partial","status":"provisional","revision":9,"lagMs":40}""",
            plaza.GetRawText());
    }

    [Fact]
    public async Task Shows_the_highest_revision_whichever_way_it_came()
    {
        await using var app = new CloudApp();
        var minute = app.Now;
        using var written = await app.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body(Lines.Window("ln-3", Resolution.Minute, minute, entries: 8, revision: 8)));
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
        Feed(app, "gw-1", Lines.Window("ln-3", Resolution.Minute, minute, entries: 7, revision: 7));
        using var stream = await EventStream.OpenAsync(app.Operator());
        Assert.Equal(8, (await NextAsync(app, stream, "hall", zone => zone.GetProperty("revision").GetRawText() == "8")).GetProperty("entries").GetInt64());
        Feed(app, "gw-1", Lines.Window("ln-3", Resolution.Minute, minute, entries: 9, revision: 9));
        Assert.Equal(9, (await NextAsync(app, stream, "hall", zone => zone.GetProperty("revision").GetRawText() == "9")).GetProperty("entries").GetInt64());

        // What is live stands in the history too, before the gateway has written it.
        var history = await app.Operator().JsonAsync($"/api/v1/footfall/lines?from={Answers.At(minute)}&to={Answers.At(minute + 60)}&bucket=1m");
        Assert.Equal("[9]", history.GetProperty("lines")[2].GetProperty("entries").GetRawText());
    }

    [Fact]
    public async Task Takes_no_windows_of_lines_that_the_gateway_does_not_own()
    {
        await using var app = new CloudApp();
        app.CreateClient();
        var feed = app.Services.GetRequiredService<LiveFeed>();
        Assert.Equal(1, feed.Received("gw-2", new LiveWindows(0, "gw-2", 0, [Lines.Window("ln-1", Resolution.Minute, app.Now, entries: 4)], [])));
        using var stream = await EventStream.OpenAsync(app.Operator());
        Assert.Equal("none", (await stream.NextAsync()).Data.GetProperty("zones")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Counts_the_people_since_the_reset_from_what_was_written_before()
    {
        await using var app = new CloudApp();
        var minute = app.Now;
        var quarter = minute - 900;
        using var written = await app.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body(Lines.Window("ln-3", Resolution.QuarterHour, quarter, entries: 50, exits: 8)));
        Feed(app, "gw-1", Lines.Window("ln-3", Resolution.Minute, minute, entries: 1, revision: 7));
        using var stream = await EventStream.OpenAsync(app.Operator());
        await NextAsync(app, stream, "hall", zone => zone.GetProperty("occupancy").GetRawText() == "43");
    }

    [Fact]
    public async Task Loses_nobody_at_the_turn_of_a_quarter_hour_before_the_gateway_has_written_it()
    {
        await using var app = new CloudApp();
        Feed(app, "gw-1", Lines.Window("ln-3", Resolution.Minute, app.Now, entries: 20));
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        var quarter = app.Now;
        Feed(app, "gw-1", Lines.Window("ln-3", Resolution.Minute, quarter, entries: 1, revision: 2));
        using var stream = await EventStream.OpenAsync(app.Operator());
        await NextAsync(app, stream, "hall", zone => zone.GetProperty("occupancy").GetRawText() == "21");
        Feed(app, "gw-1", Lines.Window("ln-3", Resolution.QuarterHour, quarter - 900, entries: 25, revision: 3));
        await NextAsync(app, stream, "hall", zone => zone.GetProperty("occupancy").GetRawText() == "26");
    }

    [Fact]
    public async Task Says_stale_when_a_gateway_has_been_silent_for_half_a_minute_and_takes_it_back()
    {
        await using var app = new CloudApp();
        var minute = app.Now;
        Feed(app, "gw-1", Lines.Window("ln-1", Resolution.Minute, minute, entries: 4, status: WindowStatus.Provisional));
        using var stream = await EventStream.OpenAsync(app.Operator());
        await NextAsync(app, stream, "plaza", zone => zone.GetProperty("status").GetString() == "provisional");
        app.Clock.Advance(TimeSpan.FromSeconds(29));
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        var stale = await NextAsync(app, stream, "plaza", zone => zone.GetProperty("status").GetString() == "stale");
        Assert.Equal(4, stale.GetProperty("entries").GetInt64());
        Feed(app, "gw-1", Lines.Window("ln-1", Resolution.Minute, minute, entries: 5, status: WindowStatus.Provisional, revision: 2));
        await NextAsync(app, stream, "plaza", zone => zone.GetProperty("status").GetString() == "provisional");
    }

    [Fact]
    public async Task Beats_while_nothing_happens()
    {
        await using var app = new CloudApp();
        using var stream = await EventStream.OpenAsync(app.Operator());
        await stream.NextAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(15));
        while ((await stream.NextAsync(comments: true)).Name != ":")
        {
        }
    }

    [Fact]
    public async Task Comes_at_most_four_times_a_second()
    {
        await using var app = new CloudApp();
        using var stream = await EventStream.OpenAsync(app.Operator());
        await stream.NextAsync();
        var hub = app.Services.GetRequiredService<LiveHub>();
        var viewer = hub.Join();
        for (var i = 1; i <= 40; i++)
        {
            Feed(app, "gw-1", Lines.Window("ln-1", Resolution.Minute, app.Now, entries: i, revision: i));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        var zones = 0;
        while (viewer.Frames.TryRead(out var frame))
            zones += System.Text.Encoding.UTF8.GetString(frame.Span).StartsWith("event: zones", StringComparison.Ordinal) ? 1 : 0;
        Assert.InRange(zones, 0, 1);
    }

    [Fact]
    public async Task Gives_a_viewer_that_falls_behind_a_fresh_start_and_holds_up_nobody()
    {
        await using var app = new CloudApp();
        var minute = app.Now;
        app.CreateClient();
        var hub = app.Services.GetRequiredService<LiveHub>();
        var slow = hub.Join();
        using var quick = await EventStream.OpenAsync(app.Operator());
        for (var i = 1; i <= 20; i++)
        {
            Feed(app, "gw-1", Lines.Window("ln-1", Resolution.Minute, minute, entries: i, revision: i));
            await NextAsync(app, quick, "plaza", zone => zone.GetProperty("revision").GetRawText() == $"{i}");
        }
        Assert.True(slow.IsBehind);
        hub.CatchUp(slow);
        Assert.False(slow.IsBehind);
        Assert.True(slow.Frames.TryRead(out var frame));
        var text = System.Text.Encoding.UTF8.GetString(frame.Span);
        Assert.StartsWith("event: snapshot\ndata: ", text, StringComparison.Ordinal);
        Assert.Contains("\"revision\":20,", text, StringComparison.Ordinal);
        Assert.True(slow.Frames.TryRead(out frame));
        Assert.StartsWith("event: alarms\ndata: ", System.Text.Encoding.UTF8.GetString(frame.Span), StringComparison.Ordinal);
        Assert.False(slow.Frames.TryRead(out _));
    }

    /// <summary>As a gateway's message, whose newest reading is 40 ms old.</summary>
    private static void Feed(CloudApp app, string gateway, params LineWindow[] windows)
    {
        app.CreateClient();
        var now = app.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(0, app.Services.GetRequiredService<LiveFeed>().Received(gateway, new LiveWindows(now, gateway, now - 40, windows, [])));
    }

    /// <summary>Lets time pass tick by tick until the zone comes as wanted.</summary>
    private static async Task<System.Text.Json.JsonElement> NextAsync(CloudApp app, EventStream stream, string zone, Func<System.Text.Json.JsonElement, bool> wanted)
    {
        var found = stream.ZoneAsync(zone, wanted);
        while (await Task.WhenAny(found, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken)) != found)
            app.Clock.Advance(LiveHub.Tick);
        return await found;
    }
}
