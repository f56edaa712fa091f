using System.Net;
using System.Text;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Live;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class ThePeople(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string People = "/api/v1/people";

    [Fact]
    public async Task Are_listed_by_name_with_role_and_state()
    {
        await using var app = new CloudApp();
        await app.JoinAsync("wang", "viewer");
        await app.Administrator().SendAsync(HttpMethod.Post, People, new { name = "Li.Wei", displayName = "李伟", role = "operator" });
        var at = app.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(
            $$"""
            [{"id":2,"name":"li.wei","displayName":"李伟","role":"operator","state":"invited","madeAt":{{at}},"seenAt":null,"openId":false},
            {"id":1,"name":"wang","displayName":"wang","role":"viewer","state":"active","madeAt":{{at}},"seenAt":{{at}},"openId":false}]
            """.ReplaceLineEndings(""),
            (await app.Administrator().JsonAsync(People)).GetProperty("people").GetRawText());
    }

    [Fact]
    public async Task Are_read_page_by_page_and_found_by_either_name()
    {
        await using var app = new CloudApp();
        var client = app.Administrator();
        foreach (var (name, displayName) in ((string, string)[])[("a1", "Anna"), ("a2", "李伟"), ("b1", "Anton"), ("c1", "Bea")])
            await client.SendAsync(HttpMethod.Post, People, new { name, displayName, role = "viewer" });
        List<string?> read = [];
        for (string? after = ""; after is not null;)
        {
            var page = await client.JsonAsync($"{People}?limit=3&after={after}");
            read.AddRange(Names(page));
            after = page.GetProperty("next").GetString();
        }
        Assert.Equal(["a1", "a2", "b1", "c1"], read);
        Assert.Equal(["a1", "b1"], Names(await client.JsonAsync($"{People}?search=AN")));
        Assert.Equal(["a2"], Names(await client.JsonAsync($"{People}?search={Uri.EscapeDataString("李")}")));
    }

    [Fact]
    public async Task May_do_more_or_less_from_the_next_request_on()
    {
        await using var app = new CloudApp();
        var browser = await app.JoinAsync("li", "viewer");
        using var before = await browser.GetFromAsync("/api/v1/audit");
        await before.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await app.Administrator().SendAsync(HttpMethod.Patch, People + "/1", new { role = "administrator" });
        Assert.True((await browser.JsonAsync("/api/v1/audit")).TryGetProperty("entries", out _));
    }

    [Fact]
    public async Task Are_out_at_once_when_they_are_blocked_and_come_in_again_when_not()
    {
        await using var app = new CloudApp();
        var browser = await app.JoinAsync("li");
        using var stream = await EventStream.OpenAsync(browser);
        await stream.NextAsync();
        await app.Administrator().SendAsync(HttpMethod.Patch, People + "/1", new { blocked = true });
        Assert.False(await browser.IsInAsync());
        await stream.EndsAsync();
        using var refused = await app.Browser().TrySendAsync(HttpMethod.Post, "/api/v1/session", new { name = "li", password = Visitors.Password });
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "person-blocked");
        await app.Administrator().SendAsync(HttpMethod.Patch, People + "/1", new { blocked = false });
        Assert.True(await (await app.SignInAsync("li")).IsInAsync());
    }

    [Fact]
    public async Task Are_out_at_once_when_they_are_removed_and_the_audit_keeps_what_they_did()
    {
        await using var app = new CloudApp();
        var browser = await app.JoinAsync("li");
        await app.Administrator().SendAsync(HttpMethod.Delete, People + "/1");
        Assert.False(await browser.IsInAsync());
        Assert.Empty(Names(await app.Administrator().JsonAsync(People)));
        var acts = (await app.Administrator().JsonAsync("/api/v1/audit")).GetProperty("entries").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("who").GetString()} {entry.GetProperty("act").GetString()} {entry.GetProperty("on").GetString()}");
        Assert.Equal(["test-administrator person.remove li", "li person.join li", "test-administrator person.add li"], acts);
    }

    [Theory]
    [InlineData("PATCH", """{"role":"operator"}""")]
    [InlineData("PATCH", """{"blocked":true}""")]
    [InlineData("DELETE", null)]
    public async Task Always_have_an_administrator(string method, string? body)
    {
        await using var app = new CloudApp();
        await app.JoinAsync("lin", "administrator");
        // Somebody who never chose a password could not take over.
        await app.InviteAsync("li", "administrator");
        using var response = await SendAsync(app, new(method), People + "/1", body);
        await response.ProblemAsync(HttpStatusCode.Conflict, "last-administrator");
        await app.JoinAsync("wang", "administrator");
        using var now = await SendAsync(app, new(method), People + "/1", body);
        Assert.True(now.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Have_one_name_each()
    {
        await using var app = new CloudApp();
        await app.InviteAsync("li");
        using var response = await app.Administrator().TrySendAsync(HttpMethod.Post, People, new { name = "LI", role = "viewer" });
        await response.ProblemAsync(HttpStatusCode.Conflict, "name-taken");
    }

    [Theory]
    [InlineData("POST", "", """{"name":"<b>","role":"viewer"}""", "invalid")]
    [InlineData("POST", "", """{"name":"li","role":"owner"}""", "bad-request")]
    [InlineData("POST", "", """{"name":"li"}""", "invalid")]
    [InlineData("POST", "", """{"name":"li","role":"viewer","displayName":"<script>alert(1)</script>"}""", "invalid")]
    [InlineData("PATCH", "/1", """{"displayName":"a\u202Eb"}""", "invalid")]
    [InlineData("PATCH", "/1", """{"role":7}""", "bad-request")]
    [InlineData("GET", "?after=12345678901234567890123456789012345678901234567890123456789012345", null, "invalid")]
    public async Task Are_not_what_a_question_that_makes_no_sense_makes_of_them(string method, string path, string? body, string code)
    {
        var app = shared.App;
        await app.InviteAsync($"wang-{Guid.NewGuid().ToString("N")[..8]}");
        using var response = await SendAsync(app, new(method), People + path, body);
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("PATCH", "/99", "{}")]
    [InlineData("DELETE", "/99", null)]
    [InlineData("POST", "/99/invitation", null)]
    public async Task Are_not_found_where_there_is_nobody(string method, string path, string? body)
    {
        var app = shared.App;
        using var response = await SendAsync(app, new(method), People + path, body);
        await response.ProblemAsync(HttpStatusCode.NotFound, "person-not-found");
    }

    private static Task<HttpResponseMessage> SendAsync(CloudApp app, HttpMethod method, string path, string? body) => app.Administrator().SendAsync(
        new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") }, TestContext.Current.CancellationToken);

    private static List<string?> Names(JsonElement page) =>
        [.. page.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("name").GetString())];
}
