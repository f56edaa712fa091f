using System.Globalization;
using System.Text;
using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>
/// A Xovis 3D sensor with a logics push, version 5.0: once a minute a package with a record of the minute for each of
/// its count logics; packages are numbered, and what could not be sent before comes as records of the past.
/// </summary>
public sealed class Xovis : SimulatedDevice
{
    private const long Period = 60_000;
    private readonly long[] forward;
    private readonly long[] backward;
    private readonly long delay;
    private long package;
    private long since;

    public Xovis(DeviceEntry entry, IReadOnlyList<Channel> channels, Random random) : base(entry, channels)
    {
        forward = new long[channels.Count];
        backward = new long[channels.Count];
        package = random.Next(1_000_000);
        delay = random.Next(200, 3_000);
    }

    public override void Connect(long at, IReadOnlyList<PastCount> history)
    {
        base.Connect(at, history);
        foreach (var part in history.GroupBy(past => past.Since / 14_400_000))
            Push([.. part.Select(Record)], at);
        since = at;
        NextTick = After(at, Period);
    }

    public override void Cross(Channel channel, long at, bool entry)
    {
        if (!Live)
            return;
        _ = Seen(entry) ? forward[IndexOf(channel)]++ : backward[IndexOf(channel)]++;
    }

    public override void Tick(long at)
    {
        Push([.. Channels.Select((channel, i) => new Counts(channel, since, at, forward[i], backward[i]))], at + delay);
        Array.Clear(forward);
        Array.Clear(backward);
        since = at;
        NextTick += Period;
    }

    /// <summary>What was counted since the last package is gone.</summary>
    public override void Reboot(long at)
    {
        Array.Clear(forward);
        Array.Clear(backward);
    }

    private Counts Record(PastCount past) =>
        Entry.Reversed ? new(past.Channel, past.Since, past.Until, past.Exits, past.Entries) : new(past.Channel, past.Since, past.Until, past.Entries, past.Exits);

    private void Push(List<Counts> records, long at)
    {
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $$$"""{"logics_data":{"package_info":{"version":"5.0","id":{{{++package}}},"agent_id":1},"sensor_info":{"serial_number":"{{{Entry.Address}}}","type":"PC2SE","name":"{{{Entry.Id}}}","time":"{{{Iso(at)}}}"},"logics":[""");
        foreach (var logic in records.GroupBy(record => record.Channel))
        {
            json.Append(CultureInfo.InvariantCulture, $$"""{"id":{{IndexOf(logic.Key) + 1}},"name":"{{logic.Key.Name}}","info":"XLT_4X_LINE_IN_OUT_COUNT","records":[""");
            foreach (var record in logic)
                json.Append(CultureInfo.InvariantCulture, $$"""{"from":"{{Iso(record.From)}}","to":"{{Iso(record.To)}}","samples":60,"samples_expected":60,"counts":[{"id":1,"name":"fw","value":{{record.Forward}}},{"id":2,"name":"bw","value":{{record.Backward}}}]},""");
            json.Length--;
            json.Append("]},");
        }
        json.Length--;
        json.Append("]}}");
        Publish($"xovis/{Entry.Address}/logics", json.ToString(), at, [.. records.Select(Known)]);
    }

    private Counted Known(Counts record) => new(
        record.Channel.LineId, $"{Entry.Id} {record.Channel.Name} {record.From}", record.To,
        Entry.Reversed ? record.Backward : record.Forward, Entry.Reversed ? record.Forward : record.Backward);

    private static string Iso(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed record Counts(Channel Channel, long From, long To, long Forward, long Backward);
}
