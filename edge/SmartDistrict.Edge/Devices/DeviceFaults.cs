using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Devices;

/// <summary>Whether a device of the district fits its profile.</summary>
internal static class DeviceFaults
{
    /// <summary>What does not fit, with the key of the device's entry that is to blame.</summary>
    public static IEnumerable<(string Key, ConfigurationProblem Problem)> Of(DeviceEntry entry, DeviceProfiles known)
    {
        // without a profile file the district file says all there is to say, and has been checked
        if (DeviceProfile.BuiltIn(entry.Profile) is not null)
            yield break;
        if (known.Broken.TryGetValue(entry.Profile, out var broken))
        {
            yield return ("profile", broken.Problems[0]);
            yield break;
        }
        if (!known.Sound.TryGetValue(entry.Profile, out var profile))
        {
            yield return ("profile", Fault($"device '{entry.Id}' names the profile '{entry.Profile}', which does not exist",
                Spelling.Mend(entry.Profile, known.Names, $"add the file '{entry.Profile}.yaml' to the profiles")));
            yield break;
        }
        if (entry.ExitLines.Count > 0 && profile.Rules.Any(rule => rule.Exits is not null || rule.TotalExits is not null))
            yield return ("exit_lines", Fault($"device '{entry.Id}' has 'exit_lines', but its profile '{profile.Name}' counts both directions", "move them to 'lines'; 'reversed: true' swaps the directions"));
        foreach (var (key, channel) in entry.Lines.Keys.Select(channel => ("lines", channel)).Concat(entry.ExitLines.Keys.Select(channel => ("exit_lines", channel))))
            if (Channels(profile) is { } channels && !channels.Contains(channel))
                yield return (key, Fault($"device '{entry.Id}' has no channel '{channel}' by its profile '{profile.Name}'", $"write one of: {string.Join(", ", channels)}"));
    }

    /// <summary>The channels that a profile can yield; null where the device names them itself.</summary>
    private static List<string>? Channels(DeviceProfile profile)
    {
        if (profile.Rules.Any(rule => rule.ChannelFromTopic || rule.Channel is not null))
            return null;
        return [.. profile.Rules.Select(rule => rule.FixedChannel ?? "1").Distinct()];
    }

    private static ConfigurationProblem Fault(string what, string mend) => new("the district file", 0, 0, what, mend);
}
