using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>
/// A Milesight VS350 behind a LoRaWAN network server: each minute 16-bit totals, which wrap within days, and the
/// period's counts; periods that the radio lost come later in <c>history</c>. It tells its firmware when it joins, and its battery
/// in messages of their own.
/// </summary>
public sealed class MilesightVs350 : SimulatedDevice
{
    private const long Period = 60_000;
    private const long BatteryPeriod = 15 * 60_000;

    private readonly OwnState own;
    private long batteryAt;
    private readonly RunningTotals totals;
    private readonly long phase;
    private readonly List<(long At, long In, long Out)> unsent = [];
    private long periodIn;
    private long periodOut;
    private long silentUntil;

    public MilesightVs350(DeviceEntry entry, IReadOnlyList<Channel> channels, Random random) : base(entry, channels)
    {
        own = new OwnState(entry.Id, "v1.10", "v1.11");
        totals = new RunningTotals(16, 65_536 - random.Next(1, 60), 65_536 - random.Next(1, 60));
        phase = random.Next((int)Period) / 1000 * 1000;
    }

    public override void Connect(long at, IReadOnlyList<PastCount> history)
    {
        base.Connect(at, history);
        own.Connect(at);
        Say($"\"ipso_version\":\"v0.1\",\"hardware_version\":\"v1.1\",\"firmware_version\":\"{own.Firmware(at)}\"", at);
        NextTick = After(at, Period, phase);
    }

    public override void Cross(Channel channel, long at, bool entry)
    {
        if (!Live)
            return;
        totals.Count(Seen(entry));
        _ = Seen(entry) ? periodIn++ : periodOut++;
    }

    public override void Reset(long at) => totals.Reset();

    public override void LoseNetwork(long at, long until) => silentUntil = until;

    public override void Tick(long at)
    {
        if (at < silentUntil)
            unsent.Add((at, periodIn, periodOut));
        else
            Send(at);
        (periodIn, periodOut) = (0, 0);
        NextTick += Period;
        if (at < silentUntil || at < batteryAt)
            return;
        batteryAt = at + BatteryPeriod;
        Say($"\"battery\":{own.Battery(at)},\"temperature\":21.5", at);
    }

    private void Say(string fields, long at) => Publish($"milesight/{Entry.Address}/up", $$"""{"devEUI":"{{Entry.Address}}",{{fields}}}""", at);

    private void Send(long at)
    {
        var history = unsent.Count == 0
            ? ""
            : $",\"history\":[{string.Join(',', unsent.Select(u => $$"""{"period_in":{{u.In}},"period_out":{{u.Out}},"timestamp":{{u.At / 1000}}}"""))}]";
        Publish(
            $"milesight/{Entry.Address}/up",
            $$"""{"devEUI":"{{Entry.Address}}","timestamp":{{at / 1000}},"total_in":{{totals.Entries}},"total_out":{{totals.Exits}},"period_in":{{periodIn}},"period_out":{{periodOut}}{{history}}}""",
            at,
            [
                .. unsent.Select(u => new Period(Channels[0].LineId, Entry.Id, u.At / 1000 * 1000, Entry.Reversed ? u.Out : u.In, Entry.Reversed ? u.In : u.Out)),
                new Totals(Channels[0].LineId, Entry.Id, at / 1000 * 1000, Entry.Reversed ? totals.Exits : totals.Entries, Entry.Reversed ? totals.Entries : totals.Exits, 16),
            ]);
        unsent.Clear();
    }
}
