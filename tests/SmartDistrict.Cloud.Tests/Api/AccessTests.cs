using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.AspNetCore.Mvc.Testing;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class Access(SharedCloud shared) : IClassFixture<SharedCloud>
{
    public static TheoryData<string> Guarded => new(
        "/api/v1/session", "/api/v1/district", "/api/v1/zones", "/api/v1/lines", "/api/v1/devices", "/api/v1/live",
        "/api/v1/footfall/zones?from=2026-03-02T00:00:00Z&to=2026-03-02T01:00:00Z&bucket=1m",
        "/api/v1/footfall/lines?from=2026-03-02T00:00:00Z&to=2026-03-02T01:00:00Z&bucket=1m",
        "/api/v1/footfall/flows?from=2026-03-02T00:00:00Z&to=2026-03-02T01:00:00Z");

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Is_refused_without_a_session(string path)
    {
        var app = shared.App;
        using var response = await app.CreateClient().GetFromAsync(path);
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Is_refused_with_a_gateways_token(string path)
    {
        var app = shared.App;
        using var response = await app.Gateway().GetFromAsync(path);
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Is_given_by_the_code_for_as_long_as_the_cookie_lasts()
    {
        await using var app = new CloudApp();
        // The cookie jar of the client knows only the machine's own clock.
        app.Clock.JumpTo(TimeProvider.System.GetUtcNow());
        var browser = app.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = true });
        using var signedIn = await browser.PostToAsync("/api/v1/session", JsonContent.Create(new { code = app.Code }));
        Assert.Equal(HttpStatusCode.NoContent, signedIn.StatusCode);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.True((await browser.JsonAsync("/api/v1/session")).GetProperty("signedIn").GetBoolean());
        using var signedOut = await browser.DeleteAsync(new Uri("/api/v1/session", UriKind.Relative), TestContext.Current.CancellationToken);
        using var after = await browser.GetFromAsync("/api/v1/session");
        await after.ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Is_given_to_a_program_that_sends_the_code_itself()
    {
        var app = shared.App;
        Assert.Equal("harbour", (await app.Bearer(app.Code).JsonAsync("/api/v1/district")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Is_not_given_by_another_code()
    {
        await using var app = new CloudApp();
        using var response = await app.CreateClient().PostToAsync("/api/v1/session", JsonContent.Create(new { code = "something-else" }));
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "wrong-access-code");
    }

    [Theory]
    [InlineData("{}", "invalid")]
    [InlineData("""{"code":""}""", "invalid")]
    [InlineData("""{"code":7}""", "bad-request")]
    [InlineData("{", "bad-request")]
    [InlineData("", "bad-request")]
    public async Task Refuses_a_malformed_sign_in(string body, string code)
    {
        await using var app = new CloudApp();
        using var response = await app.CreateClient().PostToAsync("/api/v1/session", new StringContent(body, Encoding.UTF8, "application/json"));
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Cannot_be_guessed_quickly()
    {
        await using var app = new CloudApp();
        var client = app.CreateClient();
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await client.PostToAsync("/api/v1/session", JsonContent.Create(new { code = $"guess-{i}" }));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using var eleventh = await client.PostToAsync("/api/v1/session", JsonContent.Create(new { code = app.Code }));
        await eleventh.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal("60", eleventh.Headers.RetryAfter?.ToString());
    }

    [Fact]
    public async Task Outlives_a_restart_of_the_service()
    {
        await using var first = new CloudApp();
        using var signedIn = await first.CreateClient().PostToAsync("/api/v1/session", JsonContent.Create(new { code = first.Code }));
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await using var second = new CloudApp(settings: new Dictionary<string, string> { ["Cloud:Data"] = Path.Combine(first.Folder, "data") });
        var browser = second.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.True((await browser.JsonAsync("/api/v1/session")).GetProperty("signedIn").GetBoolean());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Keeps_its_code_from_other_users_of_the_machine()
    {
        var app = shared.App;
        app.CreateClient();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(app.Folder, "data", "access-code")));
    }
}
