namespace SmartDistrict.Testing;

/// <summary>Files of the working copy that a program or test was built in.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds SmartDistrict.sln.</summary>
    /// <exception cref="DirectoryNotFoundException">The program runs outside a working copy.</exception>
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>A program of the working copy, built in the same configuration as this one.</summary>
    /// <param name="project">Its folder, such as <c>edge/SmartDistrict.Edge</c>.</param>
    /// <param name="file">Its file name, such as <c>smartdistrict-edge.dll</c>.</param>
    /// <exception cref="FileNotFoundException">It has not been built.</exception>
    public static string Program(string project, string file)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var path = Path(project, "bin", configuration, "net10.0", file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: dotnet build -c {configuration} SmartDistrict.sln");
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "SmartDistrict.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no SmartDistrict.sln above {AppContext.BaseDirectory}: run it from its working copy");
    }
}
