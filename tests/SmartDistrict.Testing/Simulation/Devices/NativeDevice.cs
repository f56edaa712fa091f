using SmartDistrict.Configuration;
using SmartDistrict.Telemetry;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>
/// A counter of our own format: a reading per crossing (or per 10 s, where it aggregates), a heartbeat each 30 s on
/// every channel, which also tells its battery and firmware, numbered within its boot. What it counted while it was not connected it sends as intervals.
/// </summary>
public sealed class NativeDevice : SimulatedDevice
{
    private const long HeartbeatPeriod = 30_000;
    private const long AggregationPeriod = 10_000;

    private readonly string topic;
    private readonly Random random;
    private readonly bool aggregates;
    private readonly long phase;
    private readonly OwnState own;
    private readonly long[] entries;
    private readonly long[] exits;
    private long nextHeartbeat;
    private long nextAggregate = long.MaxValue;
    private string boot = "";
    private long sequence;

    public NativeDevice(string district, DeviceEntry entry, IReadOnlyList<Channel> channels, Random random, bool aggregates)
        : base(entry, channels)
    {
        topic = Topics.Reading(district, "counter", entry.Address);
        own = new OwnState(entry.Id, "1.4.2", "1.5.0");
        this.random = random;
        this.aggregates = aggregates;
        phase = random.Next((int)HeartbeatPeriod);
        entries = new long[channels.Count];
        exits = new long[channels.Count];
        Reboot(0);
    }

    public override bool Immediate => !aggregates;

    public override void Connect(long at, IReadOnlyList<PastCount> history)
    {
        base.Connect(at, history);
        own.Connect(at);
        foreach (var past in history)
            Interval(past.Channel, past.Since, past.Until, past.Entries, past.Exits, at);
        nextHeartbeat = After(at, HeartbeatPeriod, phase);
        nextAggregate = aggregates ? After(at, AggregationPeriod) : long.MaxValue;
        NextTick = Math.Min(nextHeartbeat, nextAggregate);
    }

    public override void Cross(Channel channel, long at, bool entry)
    {
        if (!Live)
            return;
        if (aggregates)
            _ = entry ? entries[IndexOf(channel)]++ : exits[IndexOf(channel)]++;
        else
            Reading(channel, at, "", entry ? 1 : 0, entry ? 0 : 1, at, random.Happens(0.005));
    }

    public override void Tick(long at)
    {
        if (at >= nextAggregate)
            Aggregate(at);
        if (at >= nextHeartbeat)
            foreach (var channel in Channels)
                Publish(topic, $$"""{"ts":{{at}},"boot":"{{boot}}","seq":{{++sequence}}{{ChannelField(channel)}},"battery":{{own.Battery(at)}},"firmware":"{{own.Firmware(at)}}"}""", at);
        nextHeartbeat = at >= nextHeartbeat ? nextHeartbeat + HeartbeatPeriod : nextHeartbeat;
        NextTick = Math.Min(nextHeartbeat, nextAggregate);
    }

    /// <summary>A new boot id; counts since the last aggregate were in memory only and nobody was told of them.</summary>
    public override void Reboot(long at)
    {
        boot = random.NextInt64().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        sequence = 0;
        Array.Clear(entries);
        Array.Clear(exits);
    }

    private void Aggregate(long at)
    {
        for (var i = 0; i < Channels.Count; i++)
            if (entries[i] + exits[i] > 0)
                Interval(Channels[i], nextAggregate - AggregationPeriod, nextAggregate, entries[i], exits[i], at);
        Array.Clear(entries);
        Array.Clear(exits);
        nextAggregate += AggregationPeriod;
    }

    private void Interval(Channel channel, long since, long until, long inward, long outward, long now) =>
        Reading(channel, until, $"\"since\":{since},", inward, outward, now, false);

    private void Reading(Channel channel, long ts, string since, long inward, long outward, long now, bool doubtful)
    {
        var (counted, other) = Entry.Reversed ? (outward, inward) : (inward, outward);
        var directions = channel.OneWay ? $"\"entries\":{counted + other}" : $"\"entries\":{counted},\"exits\":{other}";
        Publish(
            topic,
            $$"""{"ts":{{ts}},{{since}}"boot":"{{boot}}","seq":{{++sequence}}{{ChannelField(channel)}},{{directions}}{{(doubtful ? ",\"ambiguous\":1" : "")}}}""",
            now,
            new Counted(channel.LineId, $"{Entry.Id} {boot} {sequence}", ts, channel.OneWay ? inward + outward : inward, channel.OneWay ? 0 : outward));
    }

    private string ChannelField(Channel channel) => Channels.Count == 1 ? "" : $",\"channel\":\"{channel.Name}\"";

}
