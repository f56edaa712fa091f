using System.Buffers;
using System.Text.Json;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Live;

/// <summary>
/// Sends changed windows to the cloud's broker for the live map. Nothing waits for it: what cannot be sent now is sent
/// when the connection is back, if it is still of interest then.
/// </summary>
public sealed class LivePath(IMqttSession? session, string district, string gateway)
{
    /// <summary>A message that found no viewer in this time is of no use to a later one.</summary>
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(10);

    private readonly string topic = Topics.Live(district, gateway);
    private readonly ArrayBufferWriter<byte> buffer = new(16 << 10);
    private Task sending = Task.CompletedTask;

    /// <summary>Whether a message would go out now.</summary>
    public bool Ready => session is { State.Connected: true } && sending.IsCompleted;

    public string State => session is null ? "not configured" : session.State.Connected ? "connected" : session.State.Reason ?? "not connected";

    /// <summary>Messages sent since the start.</summary>
    public long Sent { get; private set; }

    public void Start() => session?.Start();

    /// <summary>Sends what changed. Call it only when <see cref="Ready"/>.</summary>
    public void Send(long at, long newestReading, IReadOnlyList<LineWindow> windows, IReadOnlyList<DeviceSighting> devices)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer))
            new LiveWindows(at, gateway, newestReading, windows, devices).WriteTo(json);
        var message = new MqttMessage(topic, buffer.WrittenMemory, MqttQos.AtMostOnce) { Expiry = Expiry };
        // a broker that stalls holds this task up, and with it the next message; never the fold
        sending = Task.Run(() => PublishAsync(message));
        Sent++;
    }

    private async Task PublishAsync(MqttMessage message)
    {
        try
        {
            await session!.PublishAsync(message, CancellationToken.None);
        }
        catch (Exception e) when (e is MqttRefusedException or MqttDisconnectedException)
        {
            // the session's state says it; the next change is sent anew
        }
    }
}
