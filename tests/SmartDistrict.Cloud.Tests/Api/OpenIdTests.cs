using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
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
        Assert.Equal(["session.sign-in", "person.join"], await ActsAsync());
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
        Assert.Equal(["session.refuse", "session.sign-in", "person.change", "session.sign-in", "person.join"], await ActsAsync());
    }

    [Fact]
    public async Task Asks_for_the_user_info_where_the_token_says_no_role()
    {
        provider.Claims.Remove("roles");
        provider.UserInfo = new() { ["sub"] = "248289761001", ["name"] = "Somebody", ["roles"] = new JsonArray("harbour:administrator") };
        // Of both, the signed token goes before.
        Assert.Equal("""{"name":"mei","displayName":"梅 Mei","role":"administrator","person":1,"openId":true}""", (await (await WalkAsync()).Browser.JsonAsync(Session)).GetRawText());
        provider.UserInfo["sub"] = "248289761002";
        Assert.Equal("/sign-in?fault=provider-failed", (await WalkAsync()).To);
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
        Assert.Equal("session.refuse", (await ActsAsync())[0]);
    }

    [Fact]
    public async Task Leaves_the_door_open_for_who_has_a_password()
    {
        await WalkAsync();
        await app.JoinAsync("anna", "administrator");
        provider.Broken = 503;
        Assert.True(await (await app.SignInAsync("anna")).IsInAsync());
        // And who has none cannot use that door.
        using var answer = await app.Browser().TrySendAsync(HttpMethod.Post, Session, new { name = "mei", password = Visitors.Password });
        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "wrong-password");
    }

    private static readonly Dictionary<string, Action<JsonObject>> Wrong = new()
    {
        ["of another issuer"] = claims => claims["iss"] = "https://elsewhere.example",
        ["for another client"] = claims => claims["aud"] = "another",
        ["for several clients, not made for us"] = claims => claims["aud"] = new JsonArray(OpenIdProvider.Client, "another"),
        ["made for another party"] = claims => claims["azp"] = "another",
        ["expired"] = claims => claims["exp"] = 1_700_000_000,
        ["without an end"] = claims => claims.Remove("exp"),
        ["made for a party that is no text"] = claims => claims["azp"] = 7,
        ["made an hour from now"] = claims => claims["iat"] = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        ["not said when made"] = claims => claims.Remove("iat"),
        ["of another sign-in"] = claims => claims["nonce"] = "0123456789abcdef0123456789abcdef",
        ["without a nonce"] = claims => claims.Remove("nonce"),
        ["of nobody"] = claims => claims.Remove("sub"),
    };

    [Fact]
    public async Task Refuses_a_token_that_is_not_for_this_sign_in()
    {
        foreach (var (what, spoil) in Wrong)
        {
            provider.Spoil = spoil;
            await RefusesAsync(what);
        }
    }

    private static readonly Dictionary<string, Func<OpenIdProvider, JsonObject, string>> Forgeries = new()
    {
        ["unsigned"] = (provider, claims) => OpenIdProvider.Token(Header(provider, "none"), claims, _ => []),
        ["signed by nothing"] = (provider, claims) => OpenIdProvider.Token(Header(provider, "RS256"), claims, _ => []),
        ["signed with the published key as a shared secret"] = (provider, claims) => OpenIdProvider.Token(Header(provider, "HS256"), claims, bytes => HMACSHA256.HashData(provider.Key.Private.ExportSubjectPublicKeyInfo(), bytes)),
        ["signed with the client's secret"] = (provider, claims) => OpenIdProvider.Token(Header(provider, "HS256"), claims, bytes => HMACSHA256.HashData(Encoding.UTF8.GetBytes(OpenIdProvider.Secret), bytes)),
        ["signed by another key under the same name"] = (provider, claims) => OpenIdProvider.Token(Header(provider, "RS256"), claims, Stranger),
        ["signed by another key that nobody knows"] = (_, claims) => OpenIdProvider.Token(new() { ["alg"] = "RS256", ["kid"] = "key-of-mine" }, claims, Stranger),
        ["signed by a key that it brings itself"] = (_, claims) => OpenIdProvider.Token(new() { ["alg"] = "RS256", ["jwk"] = new JsonObject { ["kty"] = "RSA" } }, claims, Stranger),
        ["signed in one way and said to be in another"] = (provider, claims) => OpenIdProvider.Token(Header(provider, "PS256"), claims, bytes => provider.Key.Private.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        ["in need of what nobody understands"] = (provider, claims) => OpenIdProvider.Token(new() { ["alg"] = "RS256", ["crit"] = new JsonArray("b64") }, claims, bytes => provider.Key.Private.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        ["no token"] = (_, _) => "a.b",
        ["no JSON"] = (_, _) => "YQ.YQ.YQ",
    };

    [Fact]
    public async Task Refuses_what_the_provider_did_not_sign()
    {
        foreach (var (what, forge) in Forgeries)
        {
            provider.Forge = claims => forge(provider, claims);
            await RefusesAsync(what);
        }
    }

    /// <summary>One service for all cases: each refusal leaves it as it was.</summary>
    private async Task RefusesAsync(string what)
    {
        var (browser, to) = await WalkAsync();
        Assert.Equal((what, "/sign-in?fault=provider-failed", false), (what, to, await browser.IsInAsync()));
    }

    [Theory]
    [InlineData("PS256")]
    [InlineData("RS512")]
    public async Task Takes_other_ways_to_sign(string way)
    {
        provider.Forge = claims => OpenIdProvider.Token(Header(provider, way), claims, bytes => provider.Key.Private.SignData(
            bytes, way[2..] == "256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512, way[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));
        Assert.True(await (await WalkAsync()).Browser.IsInAsync());
    }

    [Fact]
    public async Task Takes_a_signature_of_an_elliptic_curve()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var published = provider.Key.Published;
        published.Clear();
        (published["kty"], published["crv"], published["kid"]) = ("EC", "P-256", "curve");
        (published["x"], published["y"]) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        provider.Forge = claims => OpenIdProvider.Token(Header(provider, "ES256"), claims, bytes => key.SignData(bytes, HashAlgorithmName.SHA256));
        Assert.True(await (await WalkAsync()).Browser.IsInAsync());
    }

    [Fact]
    public async Task Fetches_the_keys_again_once_there_is_a_new_one_and_at_most_once_a_minute()
    {
        await WalkAsync();
        await WalkAsync();
        Assert.Equal(1, provider.KeysFetched);
        provider.Rotate();
        app.Clock.JumpTo(app.Clock.GetUtcNow().AddMinutes(1));
        Assert.True(await (await WalkAsync()).Browser.IsInAsync());
        Assert.Equal(2, provider.KeysFetched);
        // Whoever could make it fetch at will could make it ask the provider for ever.
        provider.Rotate();
        Assert.Equal("/sign-in?fault=provider-failed", (await WalkAsync()).To);
        Assert.Equal(2, provider.KeysFetched);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?again=true", true)]
    public async Task Lets_the_provider_ask_who_it_is_where_that_is_wanted(string query, bool asked)
    {
        using var begun = await app.Browser().GetFromAsync(Begin + query);
        Assert.Equal(asked, begun.Headers.Location!.Query.Contains("&prompt=login", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_so_where_somebody_said_no_there_and_keeps_where_they_were_going()
    {
        provider.Declines = true;
        Assert.Equal("/sign-in?fault=provider-declined&to=%2Falarms%3Fstate%3Dopen", (await WalkAsync("/alarms?state=open")).To);
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
        // Its description is still believed, but it cannot be asked who came.
        provider.Broken = 503;
        Assert.Equal("/sign-in?fault=provider-away", (await WalkAsync()).To);
    }

    private static JsonObject Header(OpenIdProvider provider, string way) => new() { ["alg"] = way, ["kid"] = provider.Key.Published["kid"]!.DeepClone() };

    private static byte[] Stranger(byte[] bytes)
    {
        using var key = RSA.Create(2048);
        return key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private async Task<string[]> ActsAsync() =>
        [.. (await app.Administrator().JsonAsync("/api/v1/audit")).GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("act").GetString()!)];

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
