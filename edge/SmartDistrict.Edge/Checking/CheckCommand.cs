using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Checking;

/// <summary>
/// <c>smartdistrict-edge check DIR</c>: reads DIR/profiles and DIR/districts, runs the profiles' samples, and prints
/// every problem on a line of its own, as <c>file:line:col: what is wrong. Mend: what to do.</c>
/// </summary>
public static class CheckCommand
{
    /// <returns>The exit code: 0 where all is well, 1 where anything is wrong.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments is not [var folder])
        {
            output.WriteLine("smartdistrict-edge check DIR: DIR is the folder that holds profiles/ and districts/");
            return 1;
        }
        var problems = new List<ConfigurationProblem>();
        var profiles = Profiles(Path.Combine(folder, "profiles"), problems);
        var districts = Districts(Path.Combine(folder, "districts"), profiles, problems);
        if (profiles is null && districts is null)
            problems.Add(new ConfigurationProblem(folder, 0, 0, "there is neither a folder 'profiles' nor a folder 'districts' here", "give the folder that holds them, as in 'check firmware-config'"));
        foreach (var problem in problems)
            output.WriteLine(problem);
        var files = $"{Many(profiles?.Names.Count ?? 0, "profile")}, {Many(districts ?? 0, "district")}";
        output.WriteLine(problems.Count == 0 ? $"{files}: all well" : $"{files}: {Many(problems.Count, "problem")}");
        return problems.Count == 0 ? 0 : 1;
    }

    private static DeviceProfiles? Profiles(string folder, List<ConfigurationProblem> problems)
    {
        if (!Directory.Exists(folder))
            return null;
        try
        {
            var profiles = DeviceProfiles.Load(folder);
            foreach (var name in profiles.Names)
                problems.AddRange(profiles.Broken.TryGetValue(name, out var broken)
                    ? broken.Problems
                    : SampleCheck.Run(profiles.Sound[name]));
            return profiles;
        }
        catch (ConfigurationException e)
        {
            problems.AddRange(e.Problems);
            return null;
        }
    }

    private static int? Districts(string folder, DeviceProfiles? profiles, List<ConfigurationProblem> problems)
    {
        if (!Directory.Exists(folder))
            return null;
        try
        {
            var files = DeviceProfiles.Files(folder);
            foreach (var path in files)
            {
                var found = new ConfigurationProblems(path);
                DistrictFile.Read(path, found, (entry, reader) =>
                {
                    if (profiles is null || entry.Profile.Length == 0 || profiles.Broken.ContainsKey(entry.Profile))
                        return;
                    foreach (var (key, fault) in DeviceFaults.Of(entry, profiles))
                        found.Add(reader.Place(key == "lines" && reader.Has("line") ? "line" : key), fault.What, fault.Mend);
                });
                problems.AddRange(found.InOrder);
            }
            return files.Count;
        }
        catch (ConfigurationException e)
        {
            problems.AddRange(e.Problems);
            return 0;
        }
    }

    private static string Many(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
