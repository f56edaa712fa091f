using System.Net;
using System.Text.Json.Nodes;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>Sign-in at a provider of OpenID Connect: the whole code flow, as a browser walks it.</summary>
public sealed class SigningInByOpenId : IAsyncLifetime
{
    private const string Session = "/api/v1/session";
    private const string Begin = "/sign-in/openid";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cloud-openid-");
    private readonly SmartDistrict.Testing.ManualTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private OpenIdProvider provider = null!;
    private CloudApp app = null!;

    public async ValueTask InitializeAsync()
    {
        provider = await OpenIdProvider.StartAsync(clock);
        app = new CloudApp(settings: provider.Settings(Path.Combine(folder.FullName, "secret")));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await provider.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Lets_in_whom_the_provider_names_with_the_role_that_it_says()
    {
        Assert.Equal("City ID", (await app.Browser().JsonAsync(Session + "/ways")).GetProperty("openId").GetString());
        var (browser, to) = await WalkAsync("/alarms?state=open");
        Assert.Equal("/alarms?state=open", to);
        Assert.Equal("""{"name":"mei","displayName":"梅 Mei","role":"operator","person":1,"openId":true}""", (await browser.JsonAsync(Session)).GetRawText());
        var acts = (await app.Administrator().JsonAsync("/api/v1/audit")).GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("act").GetString());
        Assert.Equal(["session.sign-in", "person.join"], acts);
    }

    [Theory]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_basic")]
    public async Task Shows_the_clients_secret_as_the_provider_wants_it(string way)
    {
        provider.Ways = [way];
        Assert.True(await (await WalkAsync()).Browser.IsInAsync());
    }

    [Theory]
    [InlineData("""["operator"]""", "operator")]
    [InlineData("\"viewer\"", "viewer")]
    [InlineData("""["harbour:administrator","viewer"]""", "administrator")]
    [InlineData("""["hilltop:administrator","viewer"]""", "viewer")]
    [InlineData("""["hilltop:administrator"]""", null)]
    [InlineData("""["Administrator",7]""", null)]
    [InlineData("""{"operator":true}""", null)]
    public async Task Gives_a_role_in_every_district_or_in_the_named_one(string roles, string? role)
    {
        provider.Claims["roles"] = JsonNode.Parse(roles);
        var (browser, to) = await WalkAsync();
        Assert.Equal(role is null ? "/sign-in?fault=no-role" : "/", to);
        if (role is not null)
            Assert.Equal(role, (await browser.JsonAsync(Session)).GetProperty("role").GetString());
    }

    [Fact]
    public async Task Asks_for_the_role_at_each_sign_in_and_takes_back_what_the_provider_takes_back()
    {
        var first = (await WalkAsync()).Browser;
        provider.Claims["roles"] = new JsonArray("viewer");
        var second = (await WalkAsync()).Browser;
        foreach (var browser in (HttpClient[])[first, second])
            Assert.Equal("viewer", (await browser.JsonAsync(Session)).GetProperty("role").GetString());
        provider.Claims.Remove("roles");
        Assert.Equal("/sign-in?fault=no-role", (await WalkAsync()).To);
        Assert.False(await first.IsInAsync());
        Assert.False(await second.IsInAsync());
    }

    [Fact]
    public async Task Holds_for_twelve_hours_however_much_it_is_used()
    {
        var (browser, _) = await WalkAsync();
        for (var hour = 0; hour < 12; hour++)
        {
            Assert.True(await browser.IsInAsync());
            app.Clock.JumpTo(app.Clock.GetUtcNow().AddHours(1));
        }
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task Makes_nobody_somebody_else_who_has_the_name_already()
    {
        await app.JoinAsync("mei", "administrator");
        var (browser, _) = await WalkAsync();
        var who = await browser.JsonAsync(Session);
        Assert.Equal(("mei-2", "operator"), (who.GetProperty("name").GetString(), who.GetProperty("role").GetString()));
        // And the same person comes again as the same.
        Assert.Equal("mei-2", (await (await WalkAsync()).Browser.JsonAsync(Session)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Leaves_the_role_to_the_provider_and_the_block_to_the_administrator()
    {
        var (browser, _) = await WalkAsync();
        var administrator = app.Administrator();
        using var role = await administrator.TrySendAsync(HttpMethod.Patch, "/api/v1/people/1", new { role = "administrator" });
        await role.ProblemAsync(HttpStatusCode.Conflict, "person-elsewhere");
        using var invitation = await administrator.TrySendAsync(HttpMethod.Post, "/api/v1/people/1/invitation");
        await invitation.ProblemAsync(HttpStatusCode.Conflict, "person-elsewhere");
        await administrator.SendAsync(HttpMethod.Patch, "/api/v1/people/1", new { blocked = true });
        Assert.False(await browser.IsInAsync());
        Assert.Equal("/sign-in?fault=person-blocked", (await WalkAsync()).To);
    }

    public static TheoryData<string, Action<JsonObject>> Wrong => new()
    {
        { "of another issuer", claims => claims["iss"] = "https://elsewhere.example" },
        { "for another client", claims => claims["aud"] = "another" },
        { "for several clients, not made for us", claims => claims["aud"] = new JsonArray(OpenIdProvider.Client, "another") },
        { "made for another party", claims => claims["azp"] = "another" },
        { "expired", claims => claims["exp"] = 1_700_000_000 },
        { "without an end", claims => claims.Remove("exp") },
        { "of another sign-in", claims => claims["nonce"] = "0123456789abcdef0123456789abcdef" },
        { "without a nonce", claims => claims.Remove("nonce") },
        { "of nobody", claims => claims.Remove("sub") },
    };

    [Theory, MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task Refuses_a_token_that_is(string what, Action<JsonObject> spoil)
    {
        provider.Spoil = spoil;
        var (browser, to) = await WalkAsync();
        Assert.True(to == "/sign-in?fault=provider-failed", what);
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task Refuses_an_answer_to_a_sign_in_that_this_browser_did_not_begin()
    {
        // An attacker's answer, with which somebody else would be signed in as the attacker.
        using var begun = await app.Browser().GetFromAsync(Begin);
        using var answer = await app.Browser().GetFromAsync(await AnswerAsync(begun.Headers.Location!));
        Assert.Equal("/sign-in?fault=provider-failed", answer.Headers.Location!.ToString());
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith("smartdistrict=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("/\t/elsewhere.example")]
    public async Task Leads_to_no_other_site(string to) => Assert.Equal("/", (await WalkAsync(to)).To);

    [Fact]
    public async Task Says_so_where_the_provider_is_away_and_goes_on_once_it_is_back()
    {
        provider.Broken = 503;
        using var begun = await app.Browser().GetFromAsync(Begin);
        Assert.Equal("/sign-in?fault=provider-away", begun.Headers.Location!.ToString());
        provider.Broken = null;
        Assert.True(await (await WalkAsync()).Browser.IsInAsync());
    }

    /// <summary>Begins here, is let in there, comes back here; where that leads, and the browser with the cookie that it got.</summary>
    private async Task<(HttpClient Browser, string To)> WalkAsync(string to = "/")
    {
        var browser = app.Browser();
        using var begun = await browser.GetFromAsync($"{Begin}?to={Uri.EscapeDataString(to)}");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, await AnswerAsync(begun.Headers.Location!));
        request.Headers.Add("Cookie", string.Join("; ", begun.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        using var done = await browser.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        foreach (var cookie in done.Headers.GetValues("Set-Cookie").Where(cookie => cookie.StartsWith("smartdistrict=", StringComparison.Ordinal)))
            browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        return (browser, done.Headers.Location!.ToString());
    }

    /// <summary>Path and query with which the provider sends the browser back.</summary>
    private static async Task<string> AnswerAsync(Uri question)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var answer = await browser.GetAsync(question, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.PathAndQuery;
    }
}
