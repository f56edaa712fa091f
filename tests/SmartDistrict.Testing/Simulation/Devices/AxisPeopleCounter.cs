using System.Globalization;
using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>An Axis camera with People Counter: each minute its totals, stamped with the local time and no zone.</summary>
public sealed class AxisPeopleCounter : SimulatedDevice
{
    private const long Period = 60_000;
    private readonly RunningTotals totals;
    private readonly long phase;

    public AxisPeopleCounter(DeviceEntry entry, IReadOnlyList<Channel> channels, Random random) : base(entry, channels)
    {
        totals = new RunningTotals(63, random.Next(9_000), random.Next(9_000));
        phase = random.Next(60) * 1000;
    }

    public override void Connect(long at, IReadOnlyList<PastCount> history)
    {
        base.Connect(at, history);
        NextTick = After(at, Period, phase);
    }

    public override void Cross(Channel channel, long at, bool entry) => totals.Count(Seen(entry));

    public override void Reset(long at) => totals.Reset();

    public override void Tick(long at)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(NextTick), Entry.TimeZone);
        var (inward, outward) = Entry.Reversed ? (totals.Exits, totals.Entries) : (totals.Entries, totals.Exits);
        Publish(
            $"axis/{Entry.Address}/people-counter",
            $$"""{"serial":"{{Entry.Address}}","name":"{{Entry.Id}}","timestamp":"{{local.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}}","in":{{totals.Entries}},"out":{{totals.Exits}}}""",
            at,
            new Totals(Channels[0].LineId, Entry.Id, NextTick, inward, outward, 63));
        NextTick += Period;
    }
}
