using System.Text;
using SmartDistrict.Telemetry;

namespace SmartDistrict.Testing.Simulation.Faults;

/// <summary>
/// Payloads that a gateway must refuse, each on a topic that the gateway hears. A broken message has a boot id of its
/// own, so that no sound reading is taken for its duplicate. A clock that was never set is refused; one that is ahead is not
/// garbage: a gateway may bound it and count the reading.
/// </summary>
public sealed class Garbage(string district, IReadOnlyList<string> devices, Random random)
{
    private static readonly string[] Kinds =
        ["malformed JSON", "wrong encoding", "number out of range", "negative count", "far-off timestamp", "unknown device", "not an object", "1 MiB payload"];

    private int made;

    /// <summary>The next broken message, each kind in its turn.</summary>
    public Publication Make(long at)
    {
        var kind = Kinds[made++ % Kinds.Length];
        var device = kind == "unknown device" ? $"unknown-{random.Next(100)}" : devices[random.Next(devices.Count)];
        return new Publication(device, Topics.Reading(district, "counter", device), Payload(kind, at), at, Publication.Nothing) { Garbage = kind };
    }

    private byte[] Payload(string kind, long at)
    {
        var sound = $$"""{"ts":{{at}},"boot":"broken{{made}}","seq":1,"entries":1,"exits":0}""";
        return kind switch
        {
            "malformed JSON" => Encoding.UTF8.GetBytes(sound[..^(5 + random.Next(20))]),
            "wrong encoding" => Encoding.Unicode.GetBytes(sound),
            "number out of range" => Encoding.UTF8.GetBytes(sound.Replace("\"entries\":1", "\"entries\":987654321987654321", StringComparison.Ordinal)),
            "negative count" => Encoding.UTF8.GetBytes(sound.Replace("\"entries\":1", "\"entries\":-3", StringComparison.Ordinal)),
            "far-off timestamp" => Encoding.UTF8.GetBytes(sound.Replace($"\"ts\":{at}", "\"ts\":86400000", StringComparison.Ordinal)),
            "not an object" => Encoding.UTF8.GetBytes("[1,2,3]"),
            "1 MiB payload" => Encoding.UTF8.GetBytes($$"""{"ts":{{at}},"boot":"broken{{made}}","seq":1,"entries":1,"note":"{{new string('x', 1 << 20)}}"}"""),
            _ => Encoding.UTF8.GetBytes(sound),
        };
    }
}
