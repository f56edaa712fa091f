using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Edge.Technician;

/// <summary>A topic that was heard and that no device of this gateway publishes to.</summary>
/// <param name="What">Why it is not read: no profile fits, or no device has this address.</param>
/// <param name="Mend">What would make it read.</param>
/// <param name="Messages">Heard since the listening began.</param>
/// <param name="Retained">The last message was an old one that the broker keeps.</param>
/// <param name="Bytes">Length of the last payload.</param>
/// <param name="Preview">The last payload's beginning as text; what is no text is shown as hexadecimal.</param>
/// <param name="HeardAt">ms since the Unix epoch.</param>
public sealed record StrangeTopic(string Topic, string What, string Mend, long Messages, bool Retained, int Bytes, string Preview, long HeardAt);

/// <summary>
/// Listens to everything that the devices' broker carries, for a limited time and with limited memory, beside the session
/// that counts: its own connection at QoS 0, so that it takes nothing from anybody.
/// </summary>
internal sealed class TopicSniffer : IAsyncDisposable
{
    public const int MostTopics = 200;
    public const int LongestPreview = 8192;
    public static readonly TimeSpan LongestListening = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly Func<IMqttSession?> connect;
    private readonly Func<DeviceCatalog> catalog;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, StrangeTopic> topics = [];
    private CancellationTokenSource? stopping;
    private Task listening = Task.CompletedTask;
    private IMqttSession? session;
    private long until;
    private long known;
    private long untold;

    /// <param name="connect">A session with the devices' broker that nothing else uses; null where the gateway has none.</param>
    /// <param name="catalog">A catalog of the sniffer's own, since one serves one thread.</param>
    public TopicSniffer(Func<IMqttSession?> connect, Func<DeviceCatalog> catalog, TimeProvider time)
    {
        this.connect = connect;
        this.catalog = catalog;
        this.time = time;
    }

    /// <summary>What was heard, the newest first.</summary>
    public SniffState State
    {
        get
        {
            lock (gate)
            {
                var running = stopping is { IsCancellationRequested: false };
                return new(running, running ? Math.Max(0, (until - Now()) / 1000) : 0,
                    running && session is { State: { Connected: false } state } ? state.Reason ?? "not connected" : "",
                    known, untold, [.. topics.Values.OrderByDescending(topic => topic.HeardAt)]);
            }
        }
    }

    /// <summary>Begins to listen; if it does already, it begins anew.</summary>
    /// <returns>Why it cannot; null where it has.</returns>
    public async Task<string?> StartAsync(TimeSpan length)
    {
        await StopAsync();
        IMqttSession? opened;
        DeviceCatalog mine;
        try
        {
            mine = catalog();
            opened = connect();
        }
        catch (ConfigurationException e)
        {
            // the files that the settings name may have changed since the start
            return e.Message;
        }
        if (opened is null)
            return "the gateway has no broker: set Broker:Host";
        lock (gate)
        {
            topics.Clear();
            (known, untold) = (0, 0);
            session = opened;
            until = Now() + (long)(length < LongestListening ? length : LongestListening).TotalMilliseconds;
            stopping = new CancellationTokenSource(length < LongestListening ? length : LongestListening, time);
            listening = ListenAsync(opened, mine, stopping.Token);
        }
        return null;
    }

    /// <summary>Ends the listening; what was heard stays until the next.</summary>
    public async Task StopAsync()
    {
        CancellationTokenSource? ending;
        lock (gate)
            (ending, stopping) = (stopping, null);
        if (ending is null)
            return;
        await ending.CancelAsync();
        await listening;
        ending.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ListenAsync(IMqttSession opened, DeviceCatalog mine, CancellationToken cancellation)
    {
        await using (opened)
        {
            await opened.SubscribeAsync([new MqttSubscription("#", MqttQos.AtMostOnce)], CancellationToken.None);
            opened.Start();
            await Task.Run(() =>
            {
                while (!cancellation.IsCancellationRequested)
                    if (opened.TryReceive(Patience, out var deliveries))
                    {
                        for (var i = 0; i < deliveries.Count; i++)
                            Take(mine, deliveries[i]);
                        opened.Acknowledge(deliveries);
                    }
            }, CancellationToken.None);
        }
    }

    private void Take(DeviceCatalog mine, in MqttDelivery delivery)
    {
        if (mine.Resolve(delivery.Topic, out var problem) is not null)
        {
            lock (gate)
                known++;
            return;
        }
        var topic = Encoding.UTF8.GetString(delivery.Topic);
        // what gateways send up is no device's
        if (topic.StartsWith($"{Topics.Root}/{mine.District}/gateway/", StringComparison.Ordinal))
            return;
        lock (gate)
        {
            if (!topics.TryGetValue(topic, out var earlier) && topics.Count == MostTopics)
            {
                untold++;
                return;
            }
            topics[topic] = new(topic, problem?.What ?? "", problem?.Mend ?? "", (earlier?.Messages ?? 0) + 1, delivery.Retained,
                delivery.Payload.Length, Preview(delivery.Payload), Now());
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The text that a payload is; bytes that are none as hexadecimal.</summary>
    internal static string Preview(ReadOnlySpan<byte> payload)
    {
        var shown = payload[..Math.Min(payload.Length, LongestPreview)];
        // a character may be cut in two at the limit
        for (var cut = 0; cut <= (payload.Length > shown.Length ? 3 : 0); cut++)
            if (System.Text.Unicode.Utf8.IsValid(shown[..^cut]))
            {
                var text = Encoding.UTF8.GetString(shown[..^cut]);
                if (text.All(c => !char.IsControl(c) || c is '\n' or '\r' or '\t'))
                    return payload.Length > shown.Length ? text + "…" : text;
                break;
            }
        return Convert.ToHexStringLower(shown[..Math.Min(shown.Length, 512)]) + (payload.Length > 512 ? "…" : "");
    }
}

/// <summary>What the sniffer has heard.</summary>
/// <param name="RemainingSeconds">Until it ends by itself.</param>
/// <param name="Trouble">Why nothing can be heard now; empty where it can.</param>
/// <param name="Known">Messages of this gateway's own devices.</param>
/// <param name="Untold">Messages on further topics, beyond the number that is kept.</param>
public sealed record SniffState(bool Running, long RemainingSeconds, string Trouble, long Known, long Untold, IReadOnlyList<StrangeTopic> Topics);
