using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>A service that has at least two of everything that is listed in pages, but for alarms.</summary>
public sealed class CloudWithLists : IAsyncLifetime
{
    internal CloudApp App { get; } = new(TestDistrict.WithAssets);

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "li", "wang", "zhao" })
            await DoAsync("/api/v1/people", new { name, role = "viewer" });
        foreach (var name in new[] { "till", "screen", "mirror" })
            await DoAsync("/api/v1/tokens", new { name, role = "viewer" });
        await DoAsync("/api/v1/alarms/webhooks", new { name = "duty", url = "http://127.0.0.1:9/" });
        for (var i = 0; i < 3; i++)
            await DoAsync("/api/v1/alarms/webhooks/1/test", new { });
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task DoAsync(string path, object body)
    {
        using var answer = await App.Administrator().PostToAsync(path, JsonContent.Create(body));
        answer.EnsureSuccessStatusCode();
    }
}

public sealed class PagesOfALongList(CloudWithLists cloud) : IClassFixture<CloudWithLists>
{
    [Theory]
    [InlineData("gateways/gw-1/devices", "devices", "after", 2)]
    [InlineData("lockers", "lockers", "after", 2)]
    [InlineData("kiosks", "kiosks", "after", 1)]
    [InlineData("carts", "carts", "after", 2)]
    [InlineData("people", "people", "after", 3)]
    [InlineData("tokens", "tokens", "before", 3)]
    [InlineData("audit", "entries", "before", 10)]
    [InlineData("alarms", "alarms", "after", 0)]
    [InlineData("alarms/webhooks/1/deliveries", "deliveries", "before", 3)]
    public async Task Are_together_the_whole_list(string path, string items, string position, int all)
    {
        var whole = await cloud.App.Administrator().JsonAsync($"/api/v1/{path}");
        Assert.Equal(JsonValueKind.Null, whole.GetProperty("next").ValueKind);
        Assert.Equal(all, whole.GetProperty(items).GetArrayLength());
        List<string> read = [];
        for (var at = ""; ;)
        {
            var page = await cloud.App.Administrator().JsonAsync($"/api/v1/{path}?limit=1{at}");
            read.AddRange(page.GetProperty(items).EnumerateArray().Select(Id));
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null)
                break;
            at = $"&{position}={page.GetProperty("next")}";
        }
        Assert.Equal(whole.GetProperty(items).EnumerateArray().Select(Id), read);
    }

    [Theory]
    [InlineData("gateways/gw-1/devices", "after=cam-3")]
    [InlineData("lockers", "after=nowhere")]
    [InlineData("kiosks", "after=lk-1")]
    [InlineData("carts", "after=%3Cscript%3E")]
    [InlineData("alarms", "after=7")]
    [InlineData("alarms", "order=newest&after=9223372036854775807")]
    public async Task Are_not_empty_behind_what_the_list_does_not_have(string path, string query)
    {
        using var answer = await cloud.App.Administrator().GetFromAsync($"/api/v1/{path}?{query}");
        Assert.Contains("give next of the page before", (await answer.ProblemAsync(HttpStatusCode.BadRequest, "after-invalid")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=0", "invalid")]
    [InlineData("limit=-1", "invalid")]
    [InlineData("limit=1001", "invalid")]
    [InlineData("limit=1000000000", "invalid")]
    [InlineData("limit=99999999999", "bad-request")]
    [InlineData("limit=many", "bad-request")]
    public async Task Have_a_size_that_makes_sense(string query, string code)
    {
        foreach (var path in new[] { "gateways/gw-1/devices", "lockers", "kiosks", "carts", "people", "tokens", "audit", "alarms", "alarms/webhooks/1/deliveries" })
        {
            using var answer = await cloud.App.Administrator().GetFromAsync($"/api/v1/{path}?{query}");
            await answer.ProblemAsync(HttpStatusCode.BadRequest, code);
        }
    }

    [Theory]
    [InlineData("tokens")]
    [InlineData("audit")]
    [InlineData("alarms/webhooks/1/deliveries")]
    public async Task Of_records_go_on_below_any_number_and_begin_at_one(string path)
    {
        var above = await cloud.App.Administrator().JsonAsync($"/api/v1/{path}?before=9223372036854775807");
        Assert.Equal((await cloud.App.Administrator().JsonAsync($"/api/v1/{path}")).GetRawText(), above.GetRawText());
        using var answer = await cloud.App.Administrator().GetFromAsync($"/api/v1/{path}?before=0");
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
    }

    private static string Id(JsonElement item) => item.TryGetProperty("device", out var device) ? $"{device}" : $"{item.GetProperty("id")}";
}
