using System.Net;
using System.Text;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Alarms;

/// <summary>What people do about alarms, and what they ask.</summary>
public sealed class TheDutyDesk(SharedAlarmSite shared) : IClassFixture<SharedAlarmSite>
{
    [Fact]
    public async Task Acknowledges_an_alarm_with_its_consequences_and_the_audit_says_who()
    {
        await using var site = new AlarmSite();
        await site.SayAsync("gw-1", devices: [("cam-1", ""), ("cam-2", "")]);
        await site.PassAsync(16, () => Task.CompletedTask);
        var id = await IdAsync(site, "top=true&subject=gw-1");
        await site.DoAsync(HttpMethod.Post, "/acknowledge", new { alarms = new[] { id } });
        Assert.Equal(3, (await site.AlarmsAsync("acknowledged=true&subject=gw-1")).Count);
        var acknowledged = (await site.StoryAsync(id)).GetProperty("alarm").GetProperty("acknowledged");
        Assert.Equal((site.Now, "test-operator"), (acknowledged.GetProperty("at").GetInt64(), acknowledged.GetProperty("by").GetString()));
        var act = await site.LastActAsync();
        Assert.Equal(("alarm.acknowledge", "test-operator", "operator"), (act.GetProperty("act").GetString(), act.GetProperty("who").GetString(), act.GetProperty("role").GetString()));
        // A second time changes nothing, and is no act.
        await site.DoAsync(HttpMethod.Post, "/acknowledge", new { alarms = new[] { id } });
        Assert.Equal(act.GetProperty("id").GetInt64(), (await site.LastActAsync()).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Acknowledges_all_or_none()
    {
        await using var site = new AlarmSite();
        await site.DoubtAsync("cam-1");
        using var answer = await site.SendAsync(HttpMethod.Post, "/acknowledge", new { alarms = new[] { await IdAsync(site), 999 } });
        Assert.Contains("999", (await answer.ProblemAsync(HttpStatusCode.NotFound, "alarm-unknown")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await site.AlarmsAsync("acknowledged=true"));
    }

    [Fact]
    public async Task Assigns_comments_and_takes_back_and_the_story_tells_it_in_order()
    {
        await using var site = new AlarmSite();
        await site.DoubtAsync("cam-1");
        var id = await IdAsync(site);
        await site.DoAsync(HttpMethod.Put, $"/{id}/assignee", new { assignee = "王师傅" });
        await site.DoAsync(HttpMethod.Post, $"/{id}/comments", new { text = "<script>alert(1)</script> 镜头脏了" });
        Assert.Equal(id, await IdAsync(site, "assignee=王师傅"));
        await site.DoAsync(HttpMethod.Put, $"/{id}/assignee", new { assignee = (string?)null });
        Assert.Equal(["raised", "assigned", "commented", "assigned"], await site.EventsAsync(id));
        var story = await site.StoryAsync(id);
        Assert.Equal("<script>alert(1)</script> 镜头脏了", story.GetProperty("events")[2].GetProperty("text").GetString());
        Assert.Equal(1, story.GetProperty("alarm").GetProperty("comments").GetInt32());
        var acts = (await site.App.Administrator().JsonAsync("/api/v1/audit?act=alarm")).GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("act").GetString());
        Assert.Equal(["alarm.assign", "alarm.comment", "alarm.assign"], acts);
    }

    [Fact]
    public async Task Mutes_what_comes_and_goes_until_the_time_is_over_and_then_it_is_news_again()
    {
        await using var site = new AlarmSite();
        await site.DoubtAsync("cam-1");
        var first = await IdAsync(site);
        await site.DoAsync(HttpMethod.Put, $"/{first}/mute", new { until = site.Now + (20 * 60_000) });
        Assert.Equal(0, (await SummaryAsync(site)).GetProperty("warning").GetInt32());

        await site.PassAsync(3, () => site.SayAsync("gw-1", devices: ("cam-1", ",sensor=\"ok\"")));
        Assert.Equal(first, await IdAsync(site, "state=cleared"));
        await site.PassAsync(1, () => site.SayAsync("gw-1", devices: ("cam-1", ",sensor=\"blind\"")));
        Assert.Equal(0, (await SummaryAsync(site)).GetProperty("warning").GetInt32());
        var second = await IdAsync(site, "muted=true");
        Assert.NotEqual(first, second);

        await site.PassAsync(17, () => site.SayAsync("gw-1", devices: ("cam-1", ",sensor=\"blind\"")));
        Assert.Equal(1, (await SummaryAsync(site)).GetProperty("warning").GetInt32());
        Assert.Equal(["raised", "unmuted"], await site.EventsAsync(second));
    }

    [Fact]
    public async Task Ends_a_mute()
    {
        await using var site = new AlarmSite();
        await site.DoubtAsync("cam-1");
        var id = await IdAsync(site);
        await site.DoAsync(HttpMethod.Put, $"/{id}/mute", new { until = site.Now + 60_000 });
        await site.DoAsync(HttpMethod.Delete, $"/{id}/mute");
        Assert.Equal(id, await IdAsync(site, "muted=false"));
        Assert.Equal("alarm.unmute", (await site.LastActAsync()).GetProperty("act").GetString());
    }

    [Theory]
    [InlineData("severity")]
    [InlineData("newest")]
    [InlineData("oldest")]
    public async Task Reads_page_by_page_without_losing_or_repeating_an_alarm(string order)
    {
        await using var site = new AlarmSite();
        await site.PassAsync(7, () => site.SayAsync("gw-1", "clock=\"unsynchronised\",backlog=30000i,runway=3600i,disk_free=150000000i", ("cam-1", ",sensor=\"blind\""), ("cam-2", ",sensor=\"stuck\"")));
        var all = (await site.AlarmsAsync($"order={order}")).Select(alarm => alarm.GetProperty("id").GetInt64()).ToList();
        Assert.Equal(6, all.Count);
        List<long> read = [];
        for (var after = ""; read.Count < 20;)
        {
            var page = await site.Operator.JsonAsync($"/api/v1/alarms?order={order}&limit=2{after}");
            Assert.Equal(6, page.GetProperty("total").GetInt32());
            read.AddRange(page.GetProperty("alarms").EnumerateArray().Select(alarm => alarm.GetProperty("id").GetInt64()));
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null)
                break;
            after = $"&after={page.GetProperty("next").GetInt64()}";
        }
        Assert.Equal(all, read);
    }

    [Fact]
    public async Task Answers_304_while_nothing_has_changed()
    {
        await using var site = new AlarmSite();
        await site.DoubtAsync("cam-1");
        using var first = await site.Operator.GetFromAsync("/api/v1/alarms");
        var asked = new HttpRequestMessage(HttpMethod.Get, "/api/v1/alarms");
        asked.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await site.Operator.SendAsync(asked, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("GET", "?state=shut", null)]
    [InlineData("GET", "?kind=fire", null)]
    [InlineData("GET", "?severity=low", null)]
    [InlineData("GET", "?order=random", null)]
    [InlineData("GET", "?after=0", null)]
    [InlineData("GET", "?cause=-1", null)]
    [InlineData("GET", "?acknowledged=perhaps", null)]
    [InlineData("GET", "?from=yesterday", null)]
    [InlineData("GET", "?from=2026-03-02T08:00:00Z&to=2026-03-01T08:00:00Z", null)]
    [InlineData("POST", "/acknowledge", "{}")]
    [InlineData("POST", "/acknowledge", """{"alarms":[]}""")]
    [InlineData("POST", "/acknowledge", """{"alarms":"all"}""")]
    [InlineData("PUT", "/1/assignee", """{"assignee":""}""")]
    [InlineData("POST", "/1/comments", "{}")]
    [InlineData("POST", "/1/comments", """{"text":""}""")]
    [InlineData("PUT", "/1/mute", "{}")]
    [InlineData("PUT", "/1/mute", """{"until":5}""")]
    [InlineData("PUT", "/1/mute", """{"until":9999999999999}""")]
    [InlineData("PUT", "/rules/density", """{"warning":-1,"holdSeconds":10,"clearSeconds":10,"hysteresis":0}""")]
    [InlineData("PUT", "/rules/density", """{"warning":3,"critical":2,"holdSeconds":10,"clearSeconds":10,"hysteresis":0}""")]
    [InlineData("PUT", "/rules/density", """{"warning":3,"holdSeconds":-1,"clearSeconds":10,"hysteresis":0}""")]
    [InlineData("PUT", "/rules/density/plaza", """{"holdSeconds":10,"clearSeconds":10,"hysteresis":0}""")]
    public async Task Refuses_what_makes_no_sense(string method, string path, string? body)
    {
        var site = shared.Site;
        await site.DoubtAsync("cam-1");
        using var request = new HttpRequestMessage(new(method), "/api/v1/alarms" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await site.Operator.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("GET", "/99", "alarm-unknown", null)]
    [InlineData("PUT", "/99/assignee", "alarm-unknown", """{"assignee":"x"}""")]
    [InlineData("POST", "/99/comments", "alarm-unknown", """{"text":"x"}""")]
    [InlineData("DELETE", "/99/mute", "alarm-unknown", null)]
    [InlineData("DELETE", "/rules/fire", "kind-unknown", null)]
    [InlineData("DELETE", "/rules/density/gw-1", "subject-unknown", null)]
    public async Task Says_what_there_is_not(string method, string path, string code, string? body)
    {
        var site = shared.Site;
        using var request = new HttpRequestMessage(new(method), "/api/v1/alarms" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await site.Operator.SendAsync(request, TestContext.Current.CancellationToken);
        await answer.ProblemAsync(HttpStatusCode.NotFound, code);
    }

    [Theory]
    [InlineData("POST", "/acknowledge", """{"alarms":[1]}""")]
    [InlineData("PUT", "/1/assignee", """{"assignee":"x"}""")]
    [InlineData("POST", "/1/comments", """{"text":"x"}""")]
    [InlineData("PUT", "/1/mute", """{"until":1}""")]
    [InlineData("DELETE", "/1/mute", null)]
    [InlineData("PUT", "/rules/density", """{"warning":3}""")]
    [InlineData("DELETE", "/rules/density/plaza", null)]
    [InlineData("GET", "/webhooks", null)]
    public async Task Lets_a_viewer_look_and_not_act(string method, string path, string? body)
    {
        var site = shared.Site;
        using var request = new HttpRequestMessage(new(method), "/api/v1/alarms" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await site.App.Viewer().SendAsync(request, TestContext.Current.CancellationToken);
        await answer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        using var looked = await site.App.Viewer().GetFromAsync("/api/v1/alarms");
        Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
    }

    private static async Task<long> IdAsync(AlarmSite site, string query = "") => (await site.AlarmAsync(query)).GetProperty("id").GetInt64();

    private static Task<JsonElement> SummaryAsync(AlarmSite site) => site.Operator.JsonAsync("/api/v1/alarms/summary");
}
