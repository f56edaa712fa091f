using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Alarms.Webhooks;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Alarms;

public sealed class AWebhook(SharedAlarmSite shared) : IClassFixture<SharedAlarmSite>
{
    [Fact]
    public async Task Tells_of_an_alarm_from_its_beginning_to_its_end_and_signs_each_message()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var site = new AlarmSite();
        var (_, secret) = await AddAsync(site, receiver);
        await site.DoubtAsync("cam-1");
        var raised = await receiver.NextAsync(site.App.Clock);
        Assert.Equal(["raised cam-1"], Events(raised));
        var body = JsonDocument.Parse(raised.Body).RootElement;
        Assert.Equal(("harbour", false), (body.GetProperty("district").GetString(), body.GetProperty("test").GetBoolean()));
        Assert.Equal("blind", body.GetProperty("events")[0].GetProperty("alarm").GetProperty("detail").GetString());

        var parts = raised.Signature.Split(',');
        var signed = Encoding.UTF8.GetBytes($"{parts[0]["t=".Length..]}.{raised.Body}");
        Assert.Equal("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)), parts[1]);

        await site.PassAsync(3, () => site.SayAsync("gw-1", devices: ("cam-1", ",sensor=\"ok\"")));
        Assert.Equal(["cleared cam-1"], Events(await receiver.NextAsync(site.App.Clock)));
    }

    [Fact]
    public async Task Hears_of_what_stands_for_itself_and_not_of_its_consequences()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var site = new AlarmSite();
        await AddAsync(site, receiver);
        await site.SayAsync("gw-1", devices: [("cam-1", ""), ("cam-2", "")]);
        await site.PassAsync(17, () => Task.CompletedTask);
        Assert.Equal(3, (await site.AlarmsAsync("subject=gw-1")).Count);
        Assert.Equal(["raised gw-1"], Events(await receiver.NextAsync(site.App.Clock)));
        await TestAsync(site);
        Assert.Empty(Events(await receiver.NextAsync(site.App.Clock)));
    }

    [Fact]
    public async Task For_critical_alarms_hears_of_no_warning()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var site = new AlarmSite();
        await AddAsync(site, receiver, "critical");
        await site.PassAsync(6, () => site.SayAsync("gw-1", "disk_free=150000000i", ("cam-1", ",sensor=\"blind\"")));
        Assert.Equal(["raised gw-1"], Events(await receiver.NextAsync(site.App.Clock)));
    }

    [Fact]
    public async Task That_is_away_gets_what_happened_when_it_is_back_also_after_a_restart()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 503;
        await using var first = new AlarmSite();
        await AddAsync(first, receiver);
        await first.DoubtAsync("cam-1");
        await first.DoubtAsync("cam-2");
        while (receiver.Count < 3)
        {
            first.App.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        var hook = (await first.App.Administrator().JsonAsync("/api/v1/alarms/webhooks"))[0];
        Assert.Equal((2, 0, "503 Service Unavailable"), (hook.GetProperty("waiting").GetInt32(), hook.GetProperty("dead").GetInt32(), hook.GetProperty("lastReason").GetString()));

        await using var site = new AlarmSite(settings: new Dictionary<string, string> { ["Cloud:Data"] = Path.Combine(first.App.Folder, "data") });
        site.App.Clock.JumpTo(first.App.Clock.GetUtcNow());
        await first.App.Services.GetRequiredService<WebhookSender>().StopAsync(TestContext.Current.CancellationToken);
        receiver.Status = 204;
        _ = site.App.Server;
        var told = Events(await receiver.NextAsync(site.App.Clock)).Concat(Events(await receiver.NextAsync(site.App.Clock)));
        Assert.Equal(["raised cam-1", "raised cam-2"], told.Order());
    }

    [Fact]
    public async Task That_refuses_eight_times_leaves_a_dead_letter_which_can_be_sent_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 500;
        await using var site = new AlarmSite();
        var (id, _) = await AddAsync(site, receiver);
        await TestAsync(site);
        JsonElement letter;
        // the oldest: alarms may rise behind it, so far does the clock go
        while ((letter = (await DeliveriesAsync(site, id))[^1]).GetProperty("state").GetString() == "waiting")
        {
            var due = DateTimeOffset.FromUnixTimeMilliseconds(letter.GetProperty("due").GetInt64());
            site.App.Clock.JumpTo(due > site.App.Clock.GetUtcNow() ? due : site.App.Clock.GetUtcNow());
            site.App.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        Assert.Equal(("dead", 8, "500 Internal Server Error"), (letter.GetProperty("state").GetString(), letter.GetProperty("attempts").GetInt32(), letter.GetProperty("reason").GetString()));
        receiver.Status = 204;
        await site.DoAsync(HttpMethod.Post, $"/webhooks/{id}/retry", client: site.App.Administrator());
        Assert.Equal(letter.GetProperty("id").GetRawText(), (await receiver.NextAsync(site.App.Clock)).Delivery);
    }

    [Fact]
    public async Task Is_led_nowhere_else_by_the_address_that_an_administrator_wrote_down()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 302;
        await using var site = new AlarmSite();
        var (id, _) = await AddAsync(site, receiver);
        await TestAsync(site);
        while ((await DeliveriesAsync(site, id))[0].GetProperty("attempts").GetInt32() == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal("302 Found", (await DeliveriesAsync(site, id))[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Keeps_its_secret_to_itself()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var site = new AlarmSite();
        var (_, secret) = await AddAsync(site, receiver);
        Assert.DoesNotContain(secret, (await site.App.Administrator().JsonAsync("/api/v1/alarms/webhooks")).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await site.LastActAsync()).GetRawText(), StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(site.App.Folder, "data"), "cloud.db*"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(open, Encoding.Latin1);
            Assert.DoesNotContain(secret, await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task That_was_removed_gets_nothing_more()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var site = new AlarmSite();
        var (first, _) = await AddAsync(site, receiver);
        await site.DoAsync(HttpMethod.Delete, $"/webhooks/{first}", client: site.App.Administrator());
        Assert.Equal("webhook.remove", (await site.LastActAsync()).GetProperty("act").GetString());
        var (second, _) = await AddAsync(site, receiver);
        await site.DoubtAsync("cam-1");
        await receiver.NextAsync(site.App.Clock);
        Assert.Single(await DeliveriesAsync(site, second));
        using var gone = await site.SendAsync(HttpMethod.Get, $"/webhooks/{first}/deliveries", client: site.App.Administrator());
        await gone.ProblemAsync(HttpStatusCode.NotFound, "webhook-unknown");
    }

    [Theory]
    [InlineData("POST", "", """{"url":"https://example.org/"}""", "invalid")]
    [InlineData("POST", "", """{"name":"x"}""", "invalid")]
    [InlineData("POST", "", """{"name":"<script>alert(1)</script>","url":"https://example.org/"}""", "invalid")]
    [InlineData("POST", "", """{"name":"x","url":"file:///etc/passwd"}""", "url-invalid")]
    [InlineData("POST", "", """{"name":"x","url":"example.org/hook"}""", "url-invalid")]
    [InlineData("POST", "", """{"name":"x","url":"https://user:word@example.org/"}""", "url-invalid")]
    [InlineData("POST", "", """{"name":"x","url":"https://example.org/","least":"all"}""", "invalid")]
    public async Task Refuses_what_makes_no_sense(string method, string path, string? body, string code)
    {
        var site = shared.Site;
        using var request = new HttpRequestMessage(new(method), "/api/v1/alarms/webhooks" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await site.App.Administrator().SendAsync(request, TestContext.Current.CancellationToken);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    private static async Task<(long Id, string Secret)> AddAsync(AlarmSite site, WebhookReceiver receiver, string least = "warning")
    {
        using var answer = await site.SendAsync(HttpMethod.Post, "/webhooks", new { name = "duty", url = receiver.Url, least }, site.App.Administrator());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        return (made.GetProperty("id").GetInt64(), made.GetProperty("secret").GetString()!);
    }

    private static async Task TestAsync(AlarmSite site)
    {
        var id = (await site.App.Administrator().JsonAsync("/api/v1/alarms/webhooks"))[0].GetProperty("id").GetInt64();
        await site.DoAsync(HttpMethod.Post, $"/webhooks/{id}/test", client: site.App.Administrator());
    }

    private static async Task<JsonElement[]> DeliveriesAsync(AlarmSite site, long id) =>
        [.. (await site.App.Administrator().JsonAsync($"/api/v1/alarms/webhooks/{id}/deliveries")).GetProperty("deliveries").EnumerateArray()];

    private static string[] Events(Received message) =>
        [.. JsonDocument.Parse(message.Body).RootElement.GetProperty("events").EnumerateArray()
            .Select(each => $"{each.GetProperty("what").GetString()} {each.GetProperty("alarm").GetProperty("subject").GetString()}")];
}
