using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>
/// An Axis camera with Object Analytics: an event per crossing with the scenario's totals since the last reset, written
/// as strings. A scenario counts one direction and says nothing of it, so a channel is a line of its own.
/// </summary>
public sealed class AxisObjectAnalytics : SimulatedDevice
{
    private readonly RunningTotals[] totals;
    private readonly long[] lastEvent;

    public AxisObjectAnalytics(DeviceEntry entry, IReadOnlyList<Channel> channels, Random random) : base(entry, channels)
    {
        totals = [.. channels.Select(_ => new RunningTotals(63, random.Next(5_000)))];
        lastEvent = new long[channels.Count];
    }

    public override void Cross(Channel channel, long at, bool entry)
    {
        var i = IndexOf(channel);
        totals[i].Count(true);
        if (Live)
            Event(i, at);
    }

    public override void Reset(long at)
    {
        foreach (var total in totals)
            total.Reset();
    }

    private void Event(int i, long at)
    {
        var total = totals[i].Entries;
        lastEvent[i] = Math.Max(at, lastEvent[i] + 1);
        Publish(
            $"axis/{Entry.Address}/event/tns:axis/CameraApplicationPlatform/ObjectAnalytics/{Channels[i].Name}",
            $$"""{"topic":"axis:CameraApplicationPlatform/ObjectAnalytics/{{Channels[i].Name}}","timestamp":{{lastEvent[i]}},"serial":"{{Entry.Address}}","message":{"source":{},"key":{},"data":{"scenario":"Crossline","reason":"human","total":"{{total}}","totalHuman":"{{total}}"} } }""",
            at,
            new Totals(Channels[i].LineId, $"{Entry.Id} {Channels[i].Name}", lastEvent[i], total, null, 63));
    }
}
