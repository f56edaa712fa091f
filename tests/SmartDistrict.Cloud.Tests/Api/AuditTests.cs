using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.State;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class TheAudit(SharedCloud shared) : IClassFixture<SharedCloud>
{
    [Fact]
    public async Task Tells_who_did_what_when_on_what_and_what_held_before_newest_first()
    {
        await using var app = new CloudApp();
        Note(app, "zone.rename", "plaza", new { name = "广场" }, new { name = "中央广场" });
        Note(app, "zone.rename", "hall");
        var entries = (await app.Administrator().JsonAsync("/api/v1/audit")).GetProperty("entries");
        Assert.Equal(["hall", "plaza"], entries.EnumerateArray().Select(entry => entry.GetProperty("on").GetString()));
        var oldest = entries[1];
        Assert.Equal(("li", "operator", "zone.rename"), (oldest.GetProperty("who").GetString(), oldest.GetProperty("role").GetString(), oldest.GetProperty("act").GetString()));
        Assert.Equal(app.Clock.GetUtcNow().ToUnixTimeMilliseconds(), oldest.GetProperty("at").GetInt64());
        Assert.Equal("广场", oldest.GetProperty("before").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Is_read_page_by_page_without_losing_or_repeating_an_act()
    {
        await using var app = new CloudApp();
        for (var i = 0; i < 7; i++)
            Note(app, "zone.rename", $"zone-{i}");
        var client = app.Administrator();
        List<string?> read = [];
        for (long? next = 1_000; next is not null;)
        {
            var page = await client.JsonAsync($"/api/v1/audit?limit=3&before={next}");
            read.AddRange(page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("on").GetString()));
            next = page.GetProperty("next").ValueKind == System.Text.Json.JsonValueKind.Null ? null : page.GetProperty("next").GetInt64();
        }
        Assert.Equal(["zone-6", "zone-5", "zone-4", "zone-3", "zone-2", "zone-1", "zone-0"], read);
    }

    [Theory]
    [InlineData("act=zone", 2)]
    [InlineData("act=zone.rename", 1)]
    [InlineData("act=zon", 0)]
    [InlineData("who=li", 3)]
    [InlineData("who=wang", 0)]
    [InlineData("from=2026-03-02T08:00:00Z", 3)]
    [InlineData("to=2026-03-02T08:00:00Z", 0)]
    public async Task Can_be_searched(string filter, int found)
    {
        await using var app = new CloudApp();
        Note(app, "zone.rename", "plaza");
        Note(app, "zone.move", "plaza");
        Note(app, "alarm.mute", "1");
        Assert.Equal(found, (await app.Administrator().JsonAsync("/api/v1/audit?" + filter)).GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Is_exported_whole_and_a_cell_is_never_a_formula()
    {
        await using var app = new CloudApp();
        Note(app, "zone.rename", "=cmd|' /C calc'!A1", new { name = "a \"b\"" });
        using var response = await app.Administrator().GetFromAsync("/api/v1/audit/export");
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        var lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.Equal("id,at,who,role,act,on,before,after", lines[0].TrimStart('\uFEFF'));
        Assert.Equal(
            """""
            1,2026-03-02T08:00:00.000Z,"li",operator,zone.rename,"'=cmd|' /C calc'!A1","{""name"":""a \""b\""""}",
            """"", lines[1]);
    }

    [Theory]
    [InlineData("/api/v1/audit?act=DROP TABLE")]
    [InlineData("/api/v1/audit?from=yesterday")]
    [InlineData("/api/v1/audit?from=2026-03-02T08:00:00Z&to=2026-03-01T08:00:00Z")]
    [InlineData("/api/v1/audit/export?from=yesterday")]
    public async Task Refuses_a_question_that_makes_no_sense(string path)
    {
        var app = shared.App;
        using var response = await app.Administrator().GetFromAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/api/v1/audit")]
    [InlineData("/api/v1/audit/export")]
    public async Task Is_read_by_administrators_only(string path)
    {
        var app = shared.App;
        using var response = await app.Operator().GetFromAsync(path);
        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private static void Note(CloudApp app, string act, string on, object? before = null, object? after = null)
    {
        ClaimsPrincipal who = new(new ClaimsIdentity([new(ClaimTypes.Name, "li"), new(ClaimTypes.Role, "operator")], "test"));
        app.Services.GetRequiredService<StateFile>().Write(rows =>
            app.Services.GetRequiredService<AuditTrail>().Note(rows, who, act, on, before, after));
    }
}
