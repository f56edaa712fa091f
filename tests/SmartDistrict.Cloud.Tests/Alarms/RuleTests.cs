using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Alarms;

public sealed class TheRule
{
    /// <summary>The test's clock stands at 2026-03-02 16:00 in Shanghai.</summary>
    private const string Dated = TestDistrict.Yaml + """

        alarms:
          - {since: "2026-01-01T00:00:00+08:00", kind: backlog, warning: 100, hysteresis: 10, hold_s: 0}
          - {since: "2026-02-01T00:00:00+08:00", kind: backlog, warning: 200, hysteresis: 10, hold_s: 0}
          - {since: "2026-03-02T16:05:00+08:00", kind: backlog, warning: 300, hysteresis: 10, hold_s: 0}
          - {since: "2026-01-01T00:00:00+08:00", kind: backlog, only: [gw-2], warning: 50, hysteresis: 10, hold_s: 0}
          - {since: "2026-01-01T00:00:00+08:00", kind: sensor, off: true}
        """;

    [Fact]
    public async Task Of_the_file_holds_from_its_date_and_one_for_a_gateway_before_one_for_all()
    {
        await using var site = new AlarmSite(Dated);
        await site.PassAsync(1, () => Task.WhenAll(site.SayAsync("gw-1", "backlog=199i"), site.SayAsync("gw-2", "backlog=60i")));
        Assert.Equal(["gw-2 50"], await OpenAsync(site));
        await site.PassAsync(1, () => Task.WhenAll(site.SayAsync("gw-1", "backlog=250i"), site.SayAsync("gw-2", "backlog=60i")));
        Assert.Equal(["gw-1 200", "gw-2 50"], await OpenAsync(site));
        // At 16:05 the third entry comes into force: 250 is beyond no threshold any more, for the five minutes that end an alarm.
        await site.PassAsync(9, () => Task.WhenAll(site.SayAsync("gw-1", "backlog=250i"), site.SayAsync("gw-2", "backlog=60i")));
        Assert.Equal(["gw-2 50"], await OpenAsync(site));
    }

    [Fact]
    public async Task That_switches_a_kind_off_ends_its_alarms()
    {
        await using var site = new AlarmSite();
        await site.DoubtAsync("cam-1");
        var id = (await site.AlarmAsync("")).GetProperty("id").GetInt64();
        await site.DoAsync(HttpMethod.Put, "/rules/sensor", new { warning = 1, holdSeconds = 0, clearSeconds = 60, hysteresis = 0, on = false });
        await site.LookAsync();
        var last = (await site.StoryAsync(id)).GetProperty("events")[1];
        Assert.Equal(("cleared", "off"), (last.GetProperty("what").GetString(), last.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Made_in_the_console_is_newer_than_the_files_and_can_be_taken_back()
    {
        await using var site = new AlarmSite(Dated);
        Assert.Equal((200.0, "file", null), await RuleAsync(site));
        await site.DoAsync(HttpMethod.Put, "/rules/backlog", new { warning = 500, holdSeconds = 0, clearSeconds = 60, hysteresis = 20 });
        Assert.Equal((500.0, "console", "test-operator"), await RuleAsync(site));
        var act = await site.LastActAsync();
        Assert.Equal(("alarm-rule.set", "backlog"), (act.GetProperty("act").GetString(), act.GetProperty("on").GetString()));
        Assert.Contains("200", act.GetProperty("before").GetRawText(), StringComparison.Ordinal);
        await site.DoAsync(HttpMethod.Delete, "/rules/backlog");
        Assert.Equal((200.0, "file", null), await RuleAsync(site));
        Assert.Equal("alarm-rule.reset", (await site.LastActAsync()).GetProperty("act").GetString());
    }

    [Fact]
    public async Task Made_for_one_place_in_the_console_holds_there_alone_and_outlives_a_restart()
    {
        await using var first = new AlarmSite();
        await first.DoAsync(HttpMethod.Put, "/rules/backlog/gw-1", new { warning = 10, holdSeconds = 0, clearSeconds = 60, hysteresis = 1 });
        await using var site = new AlarmSite(settings: new Dictionary<string, string> { ["Cloud:Data"] = Path.Combine(first.App.Folder, "data") });
        await site.PassAsync(1, () => Task.WhenAll(site.SayAsync("gw-1", "backlog=11i"), site.SayAsync("gw-2", "backlog=11i")));
        Assert.Equal(["gw-1 10"], await OpenAsync(site));
    }

    [Fact]
    public async Task Is_there_for_every_kind_and_says_where_it_is_from()
    {
        await using var site = new AlarmSite();
        var rules = (await site.Operator.JsonAsync("/api/v1/alarms/rules")).EnumerateArray().ToArray();
        Assert.Equal(
            ["density", "occupancy", "store", "silent_gateway", "silent_device", "sensor", "battery", "clock", "backlog", "runway", "disk", "locker_forced", "kiosk_offline", "cart_stopped", "cart_lost"],
            rules.Select(rule => rule.GetProperty("kind").GetString()));
        Assert.All(rules, rule => Assert.Equal("usual", rule.GetProperty("rule").GetProperty("source").GetString()));
    }

    private static async Task<string[]> OpenAsync(AlarmSite site) =>
        [.. (await site.AlarmsAsync("kind=backlog")).Select(alarm => $"{alarm.GetProperty("subject").GetProperty("id").GetString()} {alarm.GetProperty("threshold").GetDouble()}").Order()];

    private static async Task<(double Warning, string? Source, string? By)> RuleAsync(AlarmSite site)
    {
        var rule = (await site.Operator.JsonAsync("/api/v1/alarms/rules")).EnumerateArray().Single(each => each.GetProperty("kind").GetString() == "backlog").GetProperty("rule");
        return (rule.GetProperty("setting").GetProperty("warning").GetDouble(), rule.GetProperty("source").GetString(), rule.GetProperty("by").GetString());
    }
}
