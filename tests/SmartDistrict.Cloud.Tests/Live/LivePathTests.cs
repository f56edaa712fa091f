using System.Text.Json;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Live;

/// <summary>From a gateway's MQTT message through a real Mosquitto to the viewer's event, on the machine's own clock.</summary>
public sealed class TheLivePath
{
    [Fact]
    public async Task Carries_a_gateways_windows_to_the_viewer_and_survives_what_is_none()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var app = new CloudApp(settings: Settings(broker));
        await using var service = app.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddSingleton(TimeProvider.System)));
        using var stream = await EventStream.OpenAsync(Operator(app, service.CreateClient()));
        await using var gateway = Gateway(broker);

        await gateway.PublishAsync(new(Topics.Live("harbour", "gw-1"), "no live message"u8.ToArray()), TestContext.Current.CancellationToken);
        await PublishUntilAsync(gateway, stream, "hall", revision => Message("gw-1", "ln-3", entries: 5, revision), zone => zone.GetProperty("entries").GetRawText() == "5");
    }

    [Fact]
    public async Task Comes_back_when_the_broker_does()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var app = new CloudApp(settings: Settings(broker));
        await using var service = app.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddSingleton(TimeProvider.System)));
        using var stream = await EventStream.OpenAsync(Operator(app, service.CreateClient()));
        await using var gateway = Gateway(broker);
        await PublishUntilAsync(gateway, stream, "hall", revision => Message("gw-1", "ln-3", entries: 5, revision), zone => zone.GetProperty("entries").GetRawText() == "5");
        await broker.KillAsync();
        await broker.StartAsync();
        await PublishUntilAsync(gateway, stream, "hall", revision => Message("gw-1", "ln-3", entries: 6, revision), zone => zone.GetProperty("entries").GetRawText() == "6");
    }

    private static Dictionary<string, string> Settings(MosquittoBroker broker) => new()
    {
        ["Cloud:Broker:Host"] = "127.0.0.1",
        ["Cloud:Broker:Port"] = broker.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static HttpClient Operator(CloudApp app, HttpClient client)
    {
        client.DefaultRequestHeaders.Authorization = new("Bearer", "operator");
        return client;
    }

    private static MqttSession Gateway(MosquittoBroker broker)
    {
        var session = new MqttSession(new() { Host = "127.0.0.1", Port = broker.Port, ClientId = "gw-1" }, TimeProvider.System);
        session.Start();
        return session;
    }

    private static byte[] Message(string gateway, string line, long entries, long revision)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            new LiveWindows(now, gateway, now, [Lines.Window(line, Resolution.Minute, Resolution.Minute.WindowStart(now), entries, revision: revision, status: WindowStatus.Provisional)], [new("cam-2", now)])
                .WriteTo(json);
        return bytes.ToArray();
    }

    /// <summary>QoS 0 to a broker that we may not have subscribed to yet: sent again until it is seen.</summary>
    private static async Task PublishUntilAsync(MqttSession gateway, EventStream stream, string zone, Func<long, byte[]> message, Func<JsonElement, bool> wanted)
    {
        var seen = stream.ZoneAsync(zone, wanted);
        while (!seen.IsCompleted)
        {
            try
            {
                var revision = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                await gateway.PublishAsync(new(Topics.Live("harbour", "gw-1"), message(revision), MqttQos.AtMostOnce), TestContext.Current.CancellationToken);
            }
            catch (MqttDisconnectedException)
            {
                // the session comes back by itself
            }
            await Task.WhenAny(seen, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken));
        }
        await seen;
    }
}
