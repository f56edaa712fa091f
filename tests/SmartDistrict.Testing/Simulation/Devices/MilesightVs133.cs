using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>A Milesight VS133 behind a LoRaWAN network server: each minute totals and the period's counts, decoded to JSON; its firmware when it joins.</summary>
public sealed class MilesightVs133 : SimulatedDevice
{
    private const long Period = 60_000;
    private readonly RunningTotals[] totals;
    private readonly long[] lastIn;
    private readonly long[] lastOut;
    private readonly long phase;

    public MilesightVs133(DeviceEntry entry, IReadOnlyList<Channel> channels, Random random) : base(entry, channels)
    {
        totals = [.. channels.Select(_ => new RunningTotals(32, random.Next(100_000), random.Next(100_000)))];
        lastIn = [.. totals.Select(t => t.Entries)];
        lastOut = [.. totals.Select(t => t.Exits)];
        phase = random.Next((int)Period);
    }

    public override void Connect(long at, IReadOnlyList<PastCount> history)
    {
        base.Connect(at, history);
        Publish($"milesight/{Entry.Address}/up", $$"""{"devEUI":"{{Entry.Address}}","ipso_version":"v0.1","hardware_version":"v1.1","firmware_version":"v1.10"}""", at);
        Remember();
        NextTick = After(at, Period, phase);
    }

    public override void Cross(Channel channel, long at, bool entry) => totals[IndexOf(channel)].Count(Seen(entry));

    public override void Reset(long at)
    {
        foreach (var total in totals)
            total.Reset();
        Remember();
    }

    public override void Tick(long at)
    {
        var fields = string.Join(',', totals.Select((t, i) =>
            $"\"line_{i + 1}_total_in\":{t.Entries},\"line_{i + 1}_total_out\":{t.Exits},\"line_{i + 1}_period_in\":{t.Entries - lastIn[i]},\"line_{i + 1}_period_out\":{t.Exits - lastOut[i]}"));
        Publish(
            $"milesight/{Entry.Address}/up",
            $$"""{"devEUI":"{{Entry.Address}}","time":{{at}},{{fields}}}""",
            at,
            [.. totals.Select((t, i) => new Totals(
                Channels[i].LineId, $"{Entry.Id} {i}", at, Entry.Reversed ? t.Exits : t.Entries, Entry.Reversed ? t.Entries : t.Exits, 32))]);
        Remember();
        NextTick += Period;
    }

    private void Remember()
    {
        for (var i = 0; i < totals.Length; i++)
            (lastIn[i], lastOut[i]) = (totals[i].Entries, totals[i].Exits);
    }
}
