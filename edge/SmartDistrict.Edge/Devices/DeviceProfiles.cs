using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Devices;

/// <summary>The profiles of one folder. A broken file spoils only its own devices.</summary>
public sealed class DeviceProfiles
{
    private DeviceProfiles(IReadOnlyDictionary<string, DeviceProfile> sound, IReadOnlyDictionary<string, IReadOnlyList<ConfigurationProblem>> broken)
    {
        Sound = sound;
        Broken = broken;
    }

    /// <summary>Profiles by name.</summary>
    public IReadOnlyDictionary<string, DeviceProfile> Sound { get; }

    /// <summary>The problems of the files that cannot be used, by file name without extension.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ConfigurationProblem>> Broken { get; }

    /// <summary>Names of all files, sound or broken.</summary>
    public IReadOnlyCollection<string> Names => [.. Sound.Keys.Concat(Broken.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Wraps profiles that were loaded otherwise.</summary>
    public static DeviceProfiles Of(IReadOnlyDictionary<string, DeviceProfile> profiles) =>
        new(profiles, new Dictionary<string, IReadOnlyList<ConfigurationProblem>>());

    /// <summary>Reads every <c>*.yaml</c> and <c>*.yml</c> of a folder. Throws nothing for what the files hold.</summary>
    /// <exception cref="ConfigurationException">The folder does not exist or cannot be read.</exception>
    public static DeviceProfiles Load(string folder)
    {
        var sound = new Dictionary<string, DeviceProfile>();
        var broken = new Dictionary<string, IReadOnlyList<ConfigurationProblem>>();
        foreach (var path in Files(folder))
        {
            var problems = new ConfigurationProblems(path);
            var name = Path.GetFileNameWithoutExtension(path);
            var profile = ProfileFile.Read(path, problems);
            if (profile is null)
                broken[name] = problems.InOrder;
            else if (!sound.TryAdd(name, profile))
                broken[name] = [new ConfigurationProblem(path, 0, 0, $"there is already a profile '{name}' (.yaml and .yml)", "remove one of the two files")];
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
