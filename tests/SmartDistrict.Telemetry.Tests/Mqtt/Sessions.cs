using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>A delivered message, copied out of its batch.</summary>
public sealed record Received(string Topic, string Payload, MqttQos Qos, bool Duplicate = false, bool Retained = false, TimeSpan? Expiry = null)
{
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}

/// <summary>Shorthand of the MQTT tests: sessions with quick reconnection that record their events, and ways to wait for things.</summary>
internal static class Sessions
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static MqttSessionOptions To(int port, MqttProtocolVersion version, string clientId = "gw-1") => new()
    {
        Host = "127.0.0.1",
        Port = port,
        ProtocolVersion = version,
        ClientId = clientId,
        BackoffMinimum = TimeSpan.FromMilliseconds(10),
        BackoffMaximum = TimeSpan.FromMilliseconds(100),
    };

    public static MqttSession Start(MqttSessionOptions options)
    {
        var session = new MqttSession(options, TimeProvider.System);
        session.Start();
        return session;
    }

    public static MqttSessionOptions Recording(this MqttSessionOptions options, out ConcurrentQueue<MqttSessionEvent> events)
    {
        var queue = events = new ConcurrentQueue<MqttSessionEvent>();
        return options with { OnEvent = queue.Enqueue };
    }

    public static MqttMessage Message(string topic, string payload, MqttQos qos = MqttQos.AtLeastOnce) => new(topic, Encoding.UTF8.GetBytes(payload), qos);

    /// <summary>Takes batches, acknowledges each, until that many messages have come.</summary>
    public static async Task<List<Received>> ReceiveAsync(this IMqttSession session, int count)
    {
        var received = new List<Received>();
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (received.Count < count)
        {
            var batch = await session.ReceiveAsync(limit.Token);
            received.AddRange(Copy(batch));
            session.Acknowledge(batch);
        }
        return received;
    }

    public static List<Received> Copy(MqttDeliveries batch)
    {
        var copies = new List<Received>();
        for (var i = 0; i < batch.Count; i++)
        {
            var delivery = batch[i];
            copies.Add(new Received(
                Encoding.UTF8.GetString(delivery.Topic), Encoding.UTF8.GetString(delivery.Payload), delivery.Qos, delivery.Duplicate, delivery.Retained, delivery.Expiry)
            {
                UserProperties = batch.UserProperties(i),
            });
        }
        return copies;
    }

    /// <summary>Polls a real process or thread; a test that gets nothing for a minute fails with what it waited for.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "still waiting for: " + what);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
