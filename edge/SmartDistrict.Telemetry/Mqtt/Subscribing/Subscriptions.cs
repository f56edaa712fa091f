using SmartDistrict.Telemetry.Mqtt.Connections;
using SmartDistrict.Telemetry.Mqtt.Packets;

namespace SmartDistrict.Telemetry.Mqtt.Subscribing;

/// <summary>What the session shall receive, and which of it the broker has granted to the present session.</summary>
internal sealed class Subscriptions(PacketIdentifiers identifiers, Action<MqttSessionEvent> onEvent)
{
    private const int FiltersPerPacket = 64;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<ushort, Entry[]> asked = [];
    private MqttConnection? connection;
    private volatile string? missing;
    private bool closed;

    /// <summary>What the broker has refused, or not answered yet, of all that is wished for; null when it has granted everything.</summary>
    public string? Missing => missing;

    /// <summary>Remembers the subscriptions for the first connection.</summary>
    public void Note(IReadOnlyList<MqttSubscription> subscriptions)
    {
        Check(subscriptions);
        lock (gate)
        {
            foreach (var subscription in subscriptions)
                entries[subscription.Filter] = new Entry(subscription, null);
            missing = FindMissing();
        }
    }

    /// <returns>Completes when the broker has answered each.</returns>
    public Task Request(IReadOnlyList<MqttSubscription> subscriptions)
    {
        Check(subscriptions);
        if (subscriptions.Count == 0)
            return Task.CompletedTask;
        var request = new SubscribeRequest(subscriptions.Count);
        lock (gate)
        {
            if (closed)
                throw new MqttDisconnectedException("The MQTT session was disposed.");
            var added = subscriptions.Select(s => new Entry(s, request)).ToArray();
            foreach (var entry in added)
            {
                // A later wish for the same filter replaces one that has no answer yet, and answers for it.
                if (entries.TryGetValue(entry.Subscription.Filter, out var earlier))
                    earlier.Answer(ReasonCode.Success, "");
                entries[entry.Subscription.Filter] = entry;
            }
            missing = FindMissing();
            Ask(added);
        }
        return request.Completion;
    }

    /// <summary>A connection is up: whatever the broker has not granted to this session is asked for.</summary>
    public void Attach(MqttConnection opened, bool sessionResumed)
    {
        lock (gate)
        {
            connection = opened;
            if (!sessionResumed)
            {
                foreach (var entry in entries.Values)
                    entry.IsGranted = false;
            }
            missing = FindMissing();
            Ask([.. entries.Values.Where(e => !e.IsGranted)]);
        }
    }

    public void Detach()
    {
        lock (gate)
        {
            connection = null;
            foreach (var identifier in asked.Keys)
                identifiers.Return(identifier);
            asked.Clear();
        }
    }

    public void Close()
    {
        lock (gate)
        {
            closed = true;
            foreach (var entry in entries.Values)
                entry.Fail(new MqttDisconnectedException("The MQTT session was disposed before the broker answered."));
        }
    }

    /// <param name="codes">One reason code for each filter of the SUBSCRIBE, in its order (MQTT 5 section 3.9.3).</param>
    public void OnSuback(ushort identifier, ReadOnlySpan<byte> codes, string? reason)
    {
        lock (gate)
        {
            if (!asked.Remove(identifier, out var answered))
                throw MqttProtocolException.Violation($"SUBACK for packet identifier {identifier}, which no SUBSCRIBE has");
            identifiers.Return(identifier);
            if (codes.Length != answered.Length)
                throw MqttProtocolException.Violation($"SUBACK with {codes.Length} reason codes for {answered.Length} filters");
            for (var i = 0; i < codes.Length; i++)
                Answer(answered[i], codes[i], reason);
            missing = FindMissing();
        }
    }

    private void Answer(Entry entry, byte code, string? reason)
    {
        entry.IsGranted = code < ReasonCode.FirstError;
        entry.Refusal = null;
        if (!entry.IsGranted)
        {
            var why = reason is null ? "" : $" ({reason})";
            entry.Refusal = $"The broker refused the topic filter '{entry.Subscription.Filter}': {ReasonCode.Describe(code)}{why}.";
            onEvent(new MqttSessionEvent(MqttSessionEventKind.SubscriptionRefused, entry.Refusal, code));
        }
        // Its caller knows of the refusal; a filter that was noted before the start is asked for again at each connection.
        if (entry.Answer(code, entry.Refusal ?? "") && !entry.IsGranted && entries.TryGetValue(entry.Subscription.Filter, out var now) && now == entry)
            entries.Remove(entry.Subscription.Filter);
    }

    private string? FindMissing()
    {
        var waiting = 0;
        foreach (var entry in entries.Values)
        {
            if (entry.Refusal is { } refusal)
                return refusal;
            if (!entry.IsGranted)
                waiting++;
        }
        return waiting == 0 ? null : $"connected; the broker has not answered {waiting} of {entries.Count} subscriptions yet";
    }

    private void Ask(Entry[] wanted)
    {
        foreach (var chunk in wanted.Chunk(FiltersPerPacket))
        {
            if (connection is null)
                return;
            var identifier = identifiers.Take();
            asked.Add(identifier, chunk);
            connection.SendSubscribe(identifier, [.. chunk.Select(e => e.Subscription)]);
        }
    }

    private static void Check(IReadOnlyList<MqttSubscription> subscriptions)
    {
        foreach (var (filter, qos) in subscriptions)
        {
            if (!TopicFilter.IsValid(filter))
                throw new ArgumentException($"'{filter}' is no MQTT topic filter: '#' may only be the last level, '+' and '#' must fill a level, and it must not be empty or contain U+0000.");
            if (!Enum.IsDefined(qos))
                throw new ArgumentException($"MQTT has no QoS {(int)qos}: give 0, 1 or 2.");
        }
    }

    private sealed class Entry(MqttSubscription subscription, SubscribeRequest? request)
    {
        private SubscribeRequest? request = request;

        public MqttSubscription Subscription => subscription;

        public bool IsGranted { get; set; }

        /// <summary>The broker's refusal, as it was told; null before an answer and after a grant.</summary>
        public string? Refusal { get; set; }

        /// <returns>True if somebody waited for this answer.</returns>
        public bool Answer(byte code, string text)
        {
            if (Interlocked.Exchange(ref request, null) is not { } waiting)
                return false;
            if (code < ReasonCode.FirstError)
                waiting.Granted();
            else
                waiting.Refused(text, code);
            return true;
        }

        public void Fail(Exception reason) => Interlocked.Exchange(ref request, null)?.Fail(reason);
    }
}
