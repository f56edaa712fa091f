using System.Net;
using System.Net.Http.Headers;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>A district with floor plans of every sort, sound and not, and a basemap.</summary>
public sealed class PlannedCloud : IAsyncDisposable
{
    public const string Svg = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3" onload="alert(1)"><script>alert(2)</script><rect width="4" height="3"/></svg>""";

    private const string Sections =
        """
        levels:
          - {level: 1, name: {zh: 二层, en: Upper floor}}
        plans:
          - {id: drawn, name: {zh: 图, en: Drawn}, level: 1, file: plans/hall.svg, at: [121.50, 31.23], rotation: 14.5, width_m: 80}
          - {id: walls, name: {zh: 墙, en: Walls}, file: plans/hall.geojson, at: [121.50, 31.23]}
          - {id: gone, name: {zh: 无, en: Gone}, file: gone.png, at: [121.50, 31.23], width_m: 80}
          - {id: large, name: {zh: 大, en: Large}, file: large.png, at: [121.50, 31.23], width_m: 80}
          - {id: page, name: {zh: 页, en: Page}, file: page.png, at: [121.50, 31.23], width_m: 80}
          - {id: table, name: {zh: 表, en: Table}, file: table.geojson, at: [121.50, 31.23]}

        """;

    public PlannedCloud()
    {
        App = new CloudApp(TestDistrict.Yaml.Replace("gateways:", Sections + "gateways:", StringComparison.Ordinal)
                .Replace("polygon: [[121.50, 31.23], [121.51, 31.23], [121.51, 31.24]]", "segment: [[121.50, 31.23], [121.51, 31.23]], width_m: 12", StringComparison.Ordinal),
            new Dictionary<string, string> { ["Cloud:Basemap:Tiles"] = "https://tiles.example:8443/{z}/{x}/{y}.png", ["Cloud:Basemap:Attribution"] = "© Survey" });
        Directory.CreateDirectory(Path.Combine(App.Folder, "plans"));
        File.WriteAllText(Path.Combine(App.Folder, "plans", "hall.svg"), Svg);
        File.WriteAllText(Path.Combine(App.Folder, "plans", "hall.geojson"), """{"type":"FeatureCollection","features":[]}""");
        using (var large = File.Create(Path.Combine(App.Folder, "large.png")))
            large.SetLength(50L * 1024 * 1024);
        File.WriteAllText(Path.Combine(App.Folder, "page.png"), "<html><script>alert(3)</script></html>");
        File.WriteAllText(Path.Combine(App.Folder, "table.geojson"), """[1, 2]""");
    }

    internal CloudApp App { get; }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

public sealed class FloorPlans(PlannedCloud cloud) : IClassFixture<PlannedCloud>
{
    [Fact]
    public async Task Are_listed_with_their_place_and_what_is_wrong_with_them()
    {
        var plans = (await cloud.App.Operator().JsonAsync("/api/v1/plans")).EnumerateArray().ToDictionary(plan => plan.GetProperty("id").GetString()!);
        var drawn = plans["drawn"];
        Assert.Equal((1, 14.5, 80.0), (drawn.GetProperty("level").GetInt32(), drawn.GetProperty("rotation").GetDouble(), drawn.GetProperty("widthMetres").GetDouble()));
        Assert.Equal("[121.5,31.23]", drawn.GetProperty("at").GetRawText());
        Assert.Equal("null", drawn.GetProperty("problem").GetRawText());
        Assert.Equal("null", plans["walls"].GetProperty("widthMetres").GetRawText());
        Assert.Equal("plan-too-large", plans["large"].GetProperty("problem").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("drawn", "image/svg+xml")]
    [InlineData("walls", "application/geo+json")]
    public async Task Are_sent_once_and_never_as_something_that_runs(string plan, string type)
    {
        var client = cloud.App.Operator();
        using var first = await client.GetFromAsync("/api/v1/plans/" + plan);
        Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("sandbox; default-src 'none'", first.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", first.Headers.GetValues("X-Content-Type-Options").Single());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/plans/" + plan);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
        using var second = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("nowhere", HttpStatusCode.NotFound, "not-found")]
    [InlineData("gone", HttpStatusCode.NotFound, "plan-missing")]
    [InlineData("large", HttpStatusCode.RequestEntityTooLarge, "plan-too-large")]
    [InlineData("page", HttpStatusCode.UnsupportedMediaType, "plan-no-image")]
    [InlineData("table", HttpStatusCode.UnsupportedMediaType, "plan-no-image")]
    public async Task That_cannot_be_shown_say_why(string plan, HttpStatusCode status, string code)
    {
        using var response = await cloud.App.Operator().GetFromAsync("/api/v1/plans/" + plan);
        await response.ProblemAsync(status, code);
    }

    [Theory]
    [InlineData("/api/v1/plans")]
    [InlineData("/api/v1/plans/drawn")]
    [InlineData("/api/v1/basemap")]
    public async Task Are_for_those_who_signed_in(string path)
    {
        using var response = await cloud.App.CreateClient().GetFromAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Follow_their_file_while_the_service_runs()
    {
        await using var own = new PlannedCloud();
        var client = own.App.Operator();
        using var before = await client.GetFromAsync("/api/v1/plans/drawn");
        await File.WriteAllTextAsync(Path.Combine(own.App.Folder, "plans", "hall.svg"), PlannedCloud.Svg.Replace("rect width", "rect x=\"1\" width", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var after = await client.GetFromAsync("/api/v1/plans/drawn");
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }
}

/// <summary>Segments of streets, levels and the basemap, as the console reads them.</summary>
public sealed class TheMap(PlannedCloud cloud) : IClassFixture<PlannedCloud>
{
    [Fact]
    public async Task Has_segments_of_streets_as_lines()
    {
        var hall = (await cloud.App.Operator().JsonAsync("/api/v1/zones")).GetProperty("features")[1];
        Assert.Equal("""{"type":"LineString","coordinates":[[121.5,31.23],[121.51,31.23]]}""", hall.GetProperty("geometry").GetRawText());
        Assert.Equal(12, hall.GetProperty("properties").GetProperty("widthMetres").GetDouble());
    }

    [Fact]
    public async Task Lets_tiles_come_from_the_configured_origin_alone()
    {
        var client = cloud.App.Operator();
        var district = await client.JsonAsync("/api/v1/district");
        Assert.Equal("""{"kind":"xyz","url":"https://tiles.example:8443/{z}/{x}/{y}.png","attribution":"© Survey","maxZoom":19}""", district.GetProperty("basemap").GetRawText());
        Assert.Equal("""[{"level":1,"name":{"zh":"二层","en":"Upper floor"}}]""", district.GetProperty("levels").GetRawText());
        using var response = await client.GetFromAsync("/api/v1/district");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("img-src 'self' data: blob: https://tiles.example:8443;", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tiles", "https://tiles.example/map.png", "{x}")]
    [InlineData("Tiles", "tiles/{z}/{x}/{y}.png", "no address")]
    [InlineData("Tiles", "https://{a-c}.tiles.example/{z}/{x}/{y}.png", "no address")]
    [InlineData("Tiles", "https://tiles.example; script-src */{z}/{x}/{y}.png", "no address")]
    [InlineData("PmTiles", "/nowhere/district.pmtiles", "no such file")]
    public void Refuses_a_basemap_that_is_none(string setting, string value, string said)
    {
        var options = new Cloud.Districts.BasemapOptions { Tiles = setting == "Tiles" ? value : null, PmTiles = setting == "PmTiles" ? value : null };
        Assert.Contains(said, Assert.Throws<StartException>(() => Cloud.Districts.Basemap.Read(options)).Message, StringComparison.Ordinal);
    }
}
