using System.Net;
using System.Net.Http.Headers;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class TheDistrict(SharedCloud shared) : IClassFixture<SharedCloud>
{
    [Fact]
    public async Task Says_what_it_is()
    {
        var app = shared.App;
        Assert.Equal(
            """{"id":"harbour","name":{"zh":"海港商圈","en":"Harbour District"},"timeZone":"Asia/Shanghai","coordinates":"wgs84","occupancyReset":"04:00","store":"embedded","levels":[],"lockers":0,"kiosks":0,"carts":0,"basemap":null}""",
            (await app.Operator().JsonAsync("/api/v1/district")).GetRawText());
    }

    [Fact]
    public async Task Has_its_zones_as_geojson_with_closed_rings()
    {
        var app = shared.App;
        var zones = await app.Operator().JsonAsync("/api/v1/zones");
        Assert.Equal("FeatureCollection", zones.GetProperty("type").GetString());
        var plaza = zones.GetProperty("features")[0];
        Assert.Equal("plaza", plaza.GetProperty("id").GetString());
        Assert.Equal(
            """{"type":"Polygon","coordinates":[[[121.49,31.23],[121.5,31.23],[121.5,31.24],[121.49,31.23]]]}""",
            plaza.GetProperty("geometry").GetRawText());
        Assert.Equal(800, plaza.GetProperty("properties").GetProperty("capacity").GetInt32());
        Assert.False(zones.GetProperty("features")[1].GetProperty("properties").TryGetProperty("capacity", out _), "what nobody measured is absent");
    }

    [Fact]
    public async Task Has_its_lines_with_the_gateway_that_owns_each_and_its_dated_zones()
    {
        var app = shared.App;
        var line = (await app.Operator().JsonAsync("/api/v1/lines")).GetProperty("features")[3];
        Assert.Equal(("ln-4", "LineString"), (line.GetProperty("id").GetString(), line.GetProperty("geometry").GetProperty("type").GetString()));
        var properties = line.GetProperty("properties");
        Assert.Equal(("cam-3", "gw-2"), (properties.GetProperty("device").GetString(), properties.GetProperty("gateway").GetString()));
        Assert.Equal(
            """[{"since":"2026-01-01T00:00:00+08:00","from":"outside","to":"plaza"},{"since":"2026-03-01T00:00:00+08:00","from":"outside","to":"hall"}]""",
            properties.GetProperty("joins").GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/zones")]
    [InlineData("/api/v1/lines")]
    public async Task Is_not_sent_again_to_who_has_it(string path)
    {
        var app = shared.App;
        var client = app.Operator();
        using var first = await client.GetFromAsync(path);
        Assert.Equal("application/geo+json", first.Content.Headers.ContentType?.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
        using var second = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }
}
