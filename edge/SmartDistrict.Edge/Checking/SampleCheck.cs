using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Checking;

/// <summary>
/// Runs a profile's samples. The sample device has the channels that the expected readings name; a payload without a
/// time is taken as received at <see cref="Received"/>.
/// </summary>
internal static class SampleCheck
{
    private const string Site = "sample";
    private static readonly string[] Kinds = [" increment ", " interval ", " counter ", " heartbeat "];

    /// <summary>2026-03-02T08:00:00Z.</summary>
    public static readonly DateTimeOffset Received = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>What the samples show to be wrong, at most one problem each.</summary>
    public static IEnumerable<ConfigurationProblem> Run(DeviceProfile profile)
    {
        foreach (var sample in profile.Samples)
            if (Run(profile, sample) is var (what, mend))
                yield return new ConfigurationProblem(profile.File, sample.Line, sample.Column, what, mend);
    }

    /// <summary>What a profile reads from a payload, for a sample that is yet to be written; empty where it refuses it.</summary>
    /// <param name="channels">The channels of the sample device.</param>
    /// <param name="health">What it tells of the device itself; empty where nothing.</param>
    public static IReadOnlyList<string> Read(DeviceProfile profile, string payload, IReadOnlyList<string> channels, out string health)
    {
        var decoded = new DecodedPayload();
        var topic = Encoding.UTF8.GetBytes(profile.Pattern.Example(Site, channels[0]));
        SampleDevice(profile, channels).Decode(topic, Encoding.UTF8.GetBytes(payload), Received.ToUnixTimeMilliseconds(), decoded);
        health = HealthText.Write(decoded, profile);
        return [.. decoded.Readings.Select(reading => ReadingText.Write(reading, channels[reading.Line]))];
    }

    private static Device SampleDevice(DeviceProfile profile, IReadOnlyList<string> channels)
    {
        var entry = new DeviceEntry(Site, Site, profile.Name, Site, channels.ToDictionary(channel => channel), false, TimeZoneInfo.Utc);
        return new Device(0, entry, profile, Site, channels.Select((channel, index) => (channel, index)).ToDictionary(bound => bound.channel, bound => bound.index));
    }

    private static (string What, string Mend)? Run(DeviceProfile profile, ProfileSample sample)
    {
        var channels = sample.Readings.Select(Channel).Distinct().ToList();
        var device = SampleDevice(profile, channels);
        var topic = Encoding.UTF8.GetBytes(sample.Topic ?? profile.Pattern.Example(Site, channels.FirstOrDefault() ?? "1"));
        if (!profile.Pattern.Match(topic, Encoding.UTF8.GetBytes(Site), out _, out _))
            return ($"the sample's topic '{sample.Topic}' does not fit the profile's topic '{profile.Topic}'", $"write a topic that fits, with '{Site}' as the district, or leave it out");

        var decoded = new DecodedPayload();
        if (!device.Decode(topic, Encoding.UTF8.GetBytes(sample.Payload), Received.ToUnixTimeMilliseconds(), decoded))
            return ($"the sample is refused: {decoded.Problem!.Value.What}", decoded.Problem.Value.Mend);
        var actual = decoded.Readings.Select(reading => ReadingText.Write(reading, channels[reading.Line])).ToList();
        for (var i = 0; i < Math.Max(actual.Count, sample.Readings.Count); i++)
            if (i >= actual.Count)
                return ($"the sample yields {actual.Count} readings and not '{sample.Readings[i]}'", "correct the profile's pointers, or the sample");
            else if (i >= sample.Readings.Count || actual[i] != sample.Readings[i])
                return ($"the sample yields '{actual[i]}'{(i < sample.Readings.Count ? $" where '{sample.Readings[i]}' is expected" : ", which is not expected")}", "correct the profile's pointers, or the sample");
        return HealthText.Write(decoded, profile) is var told && told == sample.Health ? null
            : ($"of the device itself the sample tells '{told}' where '{sample.Health}' is expected", "correct the profile's 'health', or 'health' of the sample");
    }

    private static string Channel(string reading)
    {
        foreach (var kind in Kinds)
            if (reading.IndexOf(kind, StringComparison.Ordinal) is > 0 and var at)
                return reading[..at];
        return "1";
    }
}
