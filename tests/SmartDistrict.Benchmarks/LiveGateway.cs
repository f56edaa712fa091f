using System.Text.Json;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Benchmarks;

/// <summary>The live path of a gateway: lines' open minutes, absolute, in rising revisions, a message every 250 ms.</summary>
internal static class LiveGateway
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public const int MessagesPerSecond = 4;

    /// <summary>Publishes until the end.</summary>
    /// <param name="message">The next message's lines and the entries, and revision, that it gives each of them.</param>
    public static async Task PublishAsync(int broker, Func<(IEnumerable<int> Lines, int Number)> message, CancellationToken end)
    {
        await using var session = new MqttSession(
            new MqttSessionOptions { Host = "127.0.0.1", Port = broker, ClientId = "bench-gateway", OnEvent = _ => { } }, TimeProvider.System);
        session.Start();
        try
        {
            while (!session.State.Connected)
                await Task.Delay(Look, TimeProvider.System, end);
            while (true)
            {
                var (lines, number) = message();
                var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                var windows = lines.Select(line => new LineWindow(
                    BenchSite.Line(line), Resolution.Minute, Resolution.Minute.WindowStart(now),
                    new LineCounts { Entries = number, Received = 1 }, WindowStatus.Provisional, new Revision(1, number))).ToArray();
                using var bytes = new MemoryStream();
                using (var json = new Utf8JsonWriter(bytes))
                    new LiveWindows(now, BenchSite.GatewayId, now, windows, []).WriteTo(json);
                await session.PublishAsync(new MqttMessage(Topics.Live("bench", BenchSite.GatewayId), bytes.ToArray(), MqttQos.AtMostOnce), end);
                await Task.Delay(Every, TimeProvider.System, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // the run is over
        }
    }
}
