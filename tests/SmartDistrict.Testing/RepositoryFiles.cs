namespace SmartDistrict.Testing;

/// <summary>Files of the working copy that a program or test was built in.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds SmartDistrict.sln.</summary>
    /// <exception cref="DirectoryNotFoundException">The program runs outside a working copy.</exception>
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "SmartDistrict.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no SmartDistrict.sln above {AppContext.BaseDirectory}: run it from its working copy");
    }
}
