namespace SmartDistrict.Edge.Technician;

/// <summary>The files of the page, embedded in the program: it needs neither the internet nor a build of its own.</summary>
internal static class PageFiles
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <summary>A file by its name behind <c>/technician/</c>; the empty name is the page itself. Null for any other.</summary>
    public static (string Type, byte[] Content)? Find(string name)
    {
        if (name.Length == 0)
            name = "page.html";
        if (!Types.TryGetValue(Path.GetExtension(name), out var type))
            return null;
        using var resource = typeof(PageFiles).Assembly.GetManifestResourceStream("technician/" + name);
        if (resource is null)
            return null;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return (type, content);
    }
}
