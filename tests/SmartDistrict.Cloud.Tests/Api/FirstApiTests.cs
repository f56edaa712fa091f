using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class WrittenWindowsComeBackAsZones
{
    [Fact]
    public async Task Entries_of_a_zone_are_entries_of_lines_into_it_and_exits_of_lines_out_of_it()
    {
        await using var app = new CloudApp();
        var minute = app.Now - 600;
        using var written = await app.Gateway().PostAsync("/api/v2/write?precision=s", Lines.Body(
            Lines.Window("ln-1", Resolution.Minute, minute, entries: 7, exits: 2),
            Lines.Window("ln-2", Resolution.Minute, minute, entries: 1, exits: 4),
            Lines.Window("ln-3", Resolution.Minute, minute, entries: 3, exits: 0)), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);

        var answer = await app.Operator().GetFromJsonAsync<JsonElement>(
            $"/api/v1/footfall/zones?from={At(minute)}&to={At(minute + 120)}&bucket=1m", TestContext.Current.CancellationToken);

        var plaza = answer.GetProperty("zones")[0];
        Assert.Equal("plaza", plaza.GetProperty("zone").GetString());
        Assert.Equal("[11,null]", plaza.GetProperty("entries").GetRawText());
        Assert.Equal("[6,null]", plaza.GetProperty("exits").GetRawText());
        Assert.Equal("""["complete","none"]""", plaza.GetProperty("status").GetRawText());
    }

    private static string At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", null);
}
