using System.Net;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Console;

/// <summary>A built console, made up, and the service that serves it.</summary>
public sealed class ServedConsole : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cloud-console-").FullName;

    public ServedConsole()
    {
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        File.WriteAllText(Path.Combine(folder, "index.html"), "<html>console</html>");
        File.WriteAllText(Path.Combine(folder, "assets", "index-1a2b3c.js"), "console.log(1)");
        App = new CloudApp(settings: new Dictionary<string, string> { ["Cloud:Console"] = folder });
    }

    internal CloudApp App { get; }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

public sealed class TheConsole(ServedConsole console) : IClassFixture<ServedConsole>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/map")]
    [InlineData("/map/zones/plaza?at=1772438400")]
    public async Task Opens_at_every_link_into_it(string path)
    {
        using var response = await console.App.CreateClient().GetFromAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal("<html>console</html>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Lets_its_hashed_files_be_kept_for_a_year()
    {
        using var response = await console.App.CreateClient().GetFromAsync("/assets/index-1a2b3c.js");
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/assets/old-9f9f9f.js")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/nothing")]
    [InlineData("/../district.yaml")]
    [InlineData("/..%2fdistrict.yaml")]
    public async Task Is_not_the_answer_to_what_is_missing(string path)
    {
        using var response = await console.App.CreateClient().GetFromAsync(path);
        await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/index-1a2b3c.js")]
    [InlineData("/api/v1/district")]
    [InlineData("/healthz")]
    public async Task Runs_no_script_but_its_own(string path)
    {
        using var response = await console.App.CreateClient().GetFromAsync(path);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task That_is_not_built_says_how_to_build_it()
    {
        await using var app = new CloudApp(settings: new Dictionary<string, string> { ["Cloud:Console"] = "/nowhere" });
        using var response = await app.CreateClient().GetFromAsync("/");
        await response.ProblemAsync(HttpStatusCode.NotFound, "console-not-built");
    }
}
