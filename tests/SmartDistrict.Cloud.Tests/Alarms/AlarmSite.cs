using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Alarms;

/// <summary>The whole service with two gateways that say how they are; its alarms look when a test lets them.</summary>
internal sealed class AlarmSite : IAsyncDisposable
{
    public AlarmSite(string? yaml = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        App = new CloudApp(yaml, settings);
        Operator = App.Operator();
    }

    public CloudApp App { get; }

    public HttpClient Operator { get; }

    /// <summary>ms since the Unix epoch.</summary>
    public long Now => App.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A gateway writes of itself and of its devices, each as its fields; line protocol.</summary>
    public async Task SayAsync(string gateway, string fields = "envelopes=1i", params (string Device, string Fields)[] devices)
    {
        var lines = devices.Select(device => $"device_health,district=harbour,gateway={gateway},device={device.Device} last_seen={Now}i,readings=1i{device.Fields} {App.Now}")
            .Prepend($"gateway_health,district=harbour,gateway={gateway} {fields} {App.Now}");
        using var answer = await App.Gateway(gateway == "gw-1" ? CloudApp.Token1 : CloudApp.Token2).PostToAsync("/api/v2/write?precision=s", Lines.Body(string.Join('\n', lines)));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>Reads the store, and looks at every figure.</summary>
    public async Task LookAsync()
    {
        await App.Services.GetRequiredService<HealthWatch>().ReadAsync(TestContext.Current.CancellationToken);
        App.Services.GetRequiredService<AlarmEngine>().Look();
    }

    /// <summary>Time passes, minute by minute; each time, what is said is said, and then looked at.</summary>
    public async Task PassAsync(int minutes, Func<Task> say)
    {
        for (var i = 0; i < minutes; i++)
        {
            App.Clock.Advance(TimeSpan.FromMinutes(1));
            await say();
            await LookAsync();
        }
    }

    /// <summary>People go in by the north gate of the plaza until so many are there, and for half a minute nothing changes.</summary>
    public async Task CrowdAsync(int people)
    {
        var (hub, feed, start) = (App.Services.GetRequiredService<LiveHub>(), App.Services.GetRequiredService<LiveFeed>(), App.Now / 60 * 60);
        for (var revision = 1; revision <= 8 || hub.Shown()[0]?.Occupancy != people; revision++)
        {
            feed.Received("gw-1", new LiveWindows(Now, "gw-1", Now - 40,
                [Lines.Window("ln-1", Resolution.Minute, start, entries: people, status: WindowStatus.Provisional, revision: (App.Now * 100) + revision)], []));
            App.Clock.Advance(TimeSpan.FromSeconds(hub.Shown()[0]?.Occupancy == people ? 5 : 0.25));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            await LookAsync();
        }
    }

    /// <summary>Makes alarms of sensors: cam-1 and so on.</summary>
    public async Task DoubtAsync(params string[] devices)
    {
        await SayAsync("gw-1", devices: [.. devices.Select(device => (device, ",sensor=\"blind\""))]);
        await LookAsync();
    }

    public async Task<List<JsonElement>> AlarmsAsync(string query = "") =>
        [.. (await Operator.JsonAsync("/api/v1/alarms?" + query)).GetProperty("alarms").EnumerateArray()];

    /// <summary>The one alarm that fits.</summary>
    public async Task<JsonElement> AlarmAsync(string query) => Assert.Single(await AlarmsAsync(query));

    public Task<JsonElement> StoryAsync(long id) => Operator.JsonAsync($"/api/v1/alarms/{id}");

    public async Task<string[]> EventsAsync(long id) =>
        [.. (await StoryAsync(id)).GetProperty("events").EnumerateArray().Select(each => each.GetProperty("what").GetString()!)];

    /// <summary>The newest act of the audit.</summary>
    public async Task<JsonElement> LastActAsync() => (await App.Administrator().JsonAsync("/api/v1/audit")).GetProperty("entries")[0];

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, HttpClient? client = null) =>
        (client ?? Operator).SendAsync(
            new HttpRequestMessage(method, new Uri("/api/v1/alarms" + path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) },
            TestContext.Current.CancellationToken);

    /// <summary>Sends what must be taken.</summary>
    public async Task DoAsync(HttpMethod method, string path, object? body = null, HttpClient? client = null)
    {
        using var answer = await SendAsync(method, path, body, client);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await App.DisposeAsync();
    }
}

/// <summary>One site for all tests of a class that leave its alarms as they are.</summary>
public sealed class SharedAlarmSite : IAsyncDisposable
{
    internal AlarmSite Site { get; } = new();

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
