using System.Net;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Live;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class ATokenMadeInTheConsole(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string Tokens = "/api/v1/tokens";

    [Theory]
    [InlineData("viewer", false)]
    [InlineData("administrator", true)]
    public async Task May_do_what_its_role_may(string role, bool mayReadAudit)
    {
        await using var app = new CloudApp();
        var made = await MakeAsync(app, new { name = "reports", role });
        var program = app.Bearer(made.GetProperty("text").GetString()!);
        Assert.Equal($$"""{"name":"reports","displayName":"reports","role":"{{role}}","person":null,"openId":false}""", (await program.JsonAsync("/api/v1/session")).GetRawText());
        using var audit = await program.GetFromAsync("/api/v1/audit");
        Assert.Equal(mayReadAudit ? HttpStatusCode.OK : HttpStatusCode.Forbidden, audit.StatusCode);
    }

    [Fact]
    public async Task Is_shown_once_and_known_by_its_start()
    {
        await using var app = new CloudApp();
        var made = await MakeAsync(app, new { name = "reports", role = "viewer", days = 30 });
        var text = made.GetProperty("text").GetString()!;
        var list = await app.Administrator().JsonAsync(Tokens);
        Assert.DoesNotContain(text, list.GetRawText(), StringComparison.Ordinal);
        var kept = list.GetProperty("tokens")[0];
        Assert.Equal(text[..8], kept.GetProperty("start").GetString());
        Assert.Equal("test-administrator", kept.GetProperty("madeBy").GetString());
        Assert.Equal(app.Clock.GetUtcNow().AddDays(30).ToUnixTimeMilliseconds(), kept.GetProperty("expiresAt").GetInt64());
    }

    [Fact]
    public async Task Opens_nothing_once_it_expired_or_was_revoked()
    {
        await using var app = new CloudApp();
        var (short_, long_) = (await MakeAsync(app, new { name = "a", role = "viewer", days = 1 }), await MakeAsync(app, new { name = "b", role = "viewer" }));
        var (first, second) = (app.Bearer(short_.GetProperty("text").GetString()!), app.Bearer(long_.GetProperty("text").GetString()!));
        Assert.True(await first.IsInAsync());
        app.Clock.JumpTo(app.Clock.GetUtcNow().AddDays(1));
        Assert.False(await first.IsInAsync());
        Assert.True(await second.IsInAsync());
        await app.Administrator().SendAsync(HttpMethod.Delete, Tokens + "/2");
        Assert.False(await second.IsInAsync());
        var revoked = (await app.Administrator().JsonAsync(Tokens)).GetProperty("tokens")[0];
        Assert.Equal(app.Clock.GetUtcNow().ToUnixTimeMilliseconds(), revoked.GetProperty("revokedAt").GetInt64());
        Assert.Equal(app.Clock.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds() + 86_400_000, revoked.GetProperty("usedAt").GetInt64());
    }

    [Fact]
    public async Task Ends_what_it_still_listens_to_when_it_expires()
    {
        await using var app = new CloudApp();
        using var stream = await EventStream.OpenAsync(app.Bearer((await MakeAsync(app, new { name = "a", role = "viewer", days = 1 })).GetProperty("text").GetString()!));
        app.Clock.JumpTo(app.Clock.GetUtcNow().AddDays(1));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await stream.EndsAsync();
    }

    [Fact]
    public async Task Of_a_gateway_writes_its_windows_and_opens_nothing_else()
    {
        await using var app = new CloudApp();
        var gateway = app.Gateway((await MakeAsync(app, new { name = "gw-1 since March", gateway = "gw-1" })).GetProperty("text").GetString()!);
        using var own = await gateway.PostToAsync("/api/v2/write?precision=s", Lines.Body(Lines.Of(Lines.Window("ln-1", Resolution.Minute, app.Now - 600, entries: 1))));
        Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
        using var other = await gateway.PostToAsync("/api/v2/write?precision=s", Lines.Body($"gateway_health,district=harbour,gateway=gw-2 journaled=5i,clock=\"synchronised\" {app.Now - 60}"));
        await other.ProblemAsync(HttpStatusCode.Forbidden, "not-this-gateway");
        Assert.False(await gateway.IsInAsync());
        await app.Administrator().SendAsync(HttpMethod.Delete, Tokens + "/1");
        using var revoked = await gateway.PostToAsync("/api/v2/write?precision=s", Lines.Body(""));
        await revoked.ProblemAsync(HttpStatusCode.Unauthorized, "token-unknown");
    }

    [Fact]
    public async Task Is_listed_page_by_page_and_told_by_the_audit()
    {
        await using var app = new CloudApp();
        for (var i = 1; i <= 4; i++)
            await MakeAsync(app, new { name = $"program {i}", role = "viewer" });
        var first = await app.Administrator().JsonAsync(Tokens + "?limit=3");
        Assert.Equal([4, 3, 2], Ids(first));
        Assert.Equal([1], Ids(await app.Administrator().JsonAsync($"{Tokens}?limit=3&before={first.GetProperty("next").GetInt64()}")));
        var act = (await app.Administrator().JsonAsync("/api/v1/audit?act=token.make")).GetProperty("entries")[0];
        Assert.Equal("program 4", act.GetProperty("on").GetString());
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "scope-unclear")]
    [InlineData("""{"name":"x","role":"viewer","gateway":"gw-1"}""", "scope-unclear")]
    [InlineData("""{"name":"x","gateway":"gw-9"}""", "gateway-unknown")]
    [InlineData("""{"role":"viewer"}""", "invalid")]
    [InlineData("""{"name":"<b>","role":"viewer"}""", "invalid")]
    [InlineData("""{"name":"x","role":"viewer","days":0}""", "invalid")]
    [InlineData("""{"name":"x","role":"root"}""", "bad-request")]
    public async Task Is_refused_where_its_wish_makes_no_sense(string body, string code)
    {
        var app = shared.App;
        using var response = await app.Administrator().PostToAsync(Tokens, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Is_not_revoked_by_a_number_that_is_none()
    {
        await using var app = new CloudApp();
        using var none = await app.Administrator().TrySendAsync(HttpMethod.Delete, Tokens + "/9");
        await none.ProblemAsync(HttpStatusCode.NotFound, "token-not-found");
    }

    private static Task<JsonElement> MakeAsync(CloudApp app, object wish) => app.Administrator().SendAsync(HttpMethod.Post, Tokens, wish);

    private static List<long> Ids(JsonElement page) => [.. page.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("id").GetInt64())];
}
