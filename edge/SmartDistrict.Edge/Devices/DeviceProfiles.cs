using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Devices;

/// <summary>The profiles of one folder. A broken file spoils only its own devices.</summary>
public sealed class DeviceProfiles
{
    private DeviceProfiles(IReadOnlyDictionary<string, DeviceProfile> sound, IReadOnlyDictionary<string, BrokenProfile> broken)
    {
        Sound = sound;
        Broken = broken;
    }

    /// <summary>Profiles by name.</summary>
    public IReadOnlyDictionary<string, DeviceProfile> Sound { get; }

    /// <summary>The files that cannot be used, by file name without extension.</summary>
    public IReadOnlyDictionary<string, BrokenProfile> Broken { get; }

    /// <summary>Names of all files, sound or broken.</summary>
    public IReadOnlyCollection<string> Names => [.. Sound.Keys.Concat(Broken.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Wraps profiles that were loaded otherwise.</summary>
    public static DeviceProfiles Of(IReadOnlyDictionary<string, DeviceProfile> profiles) =>
        new(profiles, new Dictionary<string, BrokenProfile>());

    /// <summary>The same with one profile more, or in the place of that of its name.</summary>
    public DeviceProfiles With(DeviceProfile profile) => new(
        new Dictionary<string, DeviceProfile>(Sound) { [profile.Name] = profile },
        Broken.Where(broken => broken.Key != profile.Name).ToDictionary());

    /// <summary>Reads every <c>*.yaml</c> and <c>*.yml</c> of a folder. Throws nothing for what the files hold.</summary>
    /// <exception cref="ConfigurationException">The folder does not exist or cannot be read.</exception>
    public static DeviceProfiles Load(string folder)
    {
        var sound = new Dictionary<string, DeviceProfile>();
        var broken = new Dictionary<string, BrokenProfile>();
        foreach (var path in Files(folder))
        {
            var problems = new ConfigurationProblems(path);
            var name = Path.GetFileNameWithoutExtension(path);
            var profile = ProfileFile.Read(path, problems, out var topic);
            if (profile is not null && !sound.TryAdd(name, profile))
                problems.AddForFile($"there is already a profile '{name}' (.yaml and .yml)", "remove one of the two files");
            if (problems.Count > 0)
                broken[name] = new BrokenProfile(problems.InOrder) { Pattern = topic };
        }
        foreach (var name in broken.Keys)
            sound.Remove(name);
        return new DeviceProfiles(sound, broken);
    }

    /// <summary>The YAML files of a folder, in the order of their names.</summary>
    internal static IReadOnlyList<string> Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder)
                .Where(path => Path.GetExtension(path) is ".yaml" or ".yml").Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            throw new ConfigurationException([new ConfigurationProblem(folder, 0, 0, "there is no such folder", "check the path")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([new ConfigurationProblem(folder, 0, 0, "the folder cannot be read", "check that it is a folder and that this user may read it")]);
        }
    }
}

/// <summary>A profile that cannot be used.</summary>
public sealed record BrokenProfile(IReadOnlyList<ConfigurationProblem> Problems)
{
    /// <summary>Its topic, where that much could be read: its devices are still heard, so that what they send is kept.</summary>
    internal TopicPattern? Pattern { get; init; }
}
