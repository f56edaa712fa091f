using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.State;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>How the first administrator, and then everybody else, gets a password: there is none by default.</summary>
public sealed class SettingUp(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string SetUp = "/api/v1/set-up";

    [Fact]
    public async Task Makes_whoever_installed_the_service_its_first_administrator()
    {
        await using var app = new CloudApp();
        Assert.True((await app.Browser().JsonAsync("/api/v1/session/ways")).GetProperty("setUp").GetBoolean());
        var browser = await app.EnterAsync(SetUp, new { code = app.SetUpCode, name = "Lin", password = Visitors.Password });
        Assert.Equal("""{"name":"lin","displayName":"Lin","role":"administrator","person":1,"openId":false}""", (await browser.JsonAsync("/api/v1/session")).GetRawText());
        Assert.False((await app.Browser().JsonAsync("/api/v1/session/ways")).GetProperty("setUp").GetBoolean());
        Assert.True(await (await app.SignInAsync("lin")).IsInAsync());
    }

    [Fact]
    public async Task Takes_the_code_once()
    {
        await using var app = new CloudApp();
        var code = app.SetUpCode;
        await app.EnterAsync(SetUp, new { code, name = "lin", password = Visitors.Password });
        await RefusedAsync(app, new { code, name = "mallory", password = Visitors.Password }, HttpStatusCode.Unauthorized, "unknown-code");
        Assert.False(File.Exists(Path.Combine(app.Folder, "data", "set-up-code")));
    }

    [Fact]
    public async Task Asks_no_more_after_a_restart_unless_it_is_told_to()
    {
        await using var first = new CloudApp();
        await first.EnterAsync(SetUp, new { code = first.SetUpCode, name = "lin", password = Visitors.Password });
        var data = Path.Combine(first.Folder, "data");
        await using var second = new CloudApp(settings: new Dictionary<string, string> { ["Cloud:Data"] = data });
        Assert.False((await second.Browser().JsonAsync("/api/v1/session/ways")).GetProperty("setUp").GetBoolean());
        await using var third = new CloudApp(settings: new Dictionary<string, string> { ["Cloud:Data"] = data, ["Cloud:SetUpAgain"] = "true" });
        _ = third.Server;
        var code = await File.ReadAllTextAsync(Path.Combine(data, "set-up-code"), TestContext.Current.CancellationToken);
        Assert.True(await (await third.EnterAsync(SetUp, new { code, name = "lin2", password = Visitors.Password })).IsInAsync());
    }

    [Fact]
    public async Task Makes_one_administrator_of_many_who_come_with_the_code_at_once()
    {
        await using var app = new CloudApp();
        var code = app.SetUpCode;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => app.Browser().PostToAsync(SetUp, JsonContent.Create(new { code, name = $"lin{i}", password = Visitors.Password }))));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(1, (await app.Administrator().JsonAsync("/api/v1/people")).GetProperty("people").GetArrayLength());
    }

    [Theory]
    [InlineData("data/set-up-code", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("data/cloud.db", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("data/cloud.db-wal", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("data/keys", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)]
    [InlineData("data", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)]
    [UnsupportedOSPlatform("windows")]
    public async Task Keeps_its_secrets_from_other_users_of_the_machine(string path, UnixFileMode mode)
    {
        var app = shared.App;
        _ = app.SetUpCode;
        Assert.Equal(mode, File.GetUnixFileMode(Path.Combine(app.Folder, path)));
    }

    [Fact]
    public async Task Opens_an_invitation_once_and_within_seven_days()
    {
        await using var app = new CloudApp();
        var code = (await app.InviteAsync("li")).GetProperty("code").GetString();
        var late = (await app.InviteAsync("wang")).GetProperty("code").GetString();
        await app.EnterAsync(SetUp, new { code, password = Visitors.Password });
        await RefusedAsync(app, new { code, password = Visitors.Password }, HttpStatusCode.Unauthorized, "unknown-code");
        app.Clock.JumpTo(app.Clock.GetUtcNow().AddDays(7));
        await RefusedAsync(app, new { code = late, password = Visitors.Password }, HttpStatusCode.Unauthorized, "unknown-code");
    }

    [Fact]
    public async Task Ends_the_old_password_and_its_sessions_when_a_new_one_is_chosen()
    {
        await using var app = new CloudApp();
        var before = await app.JoinAsync("li");
        var code = (await app.Administrator().SendAsync(HttpMethod.Post, "/api/v1/people/1/invitation")).GetProperty("code").GetString();
        Assert.True(await before.IsInAsync());
        var after = await app.EnterAsync(SetUp, new { code, password = "another way home" });
        Assert.False(await before.IsInAsync());
        Assert.True(await after.IsInAsync());
        using var old = await app.Browser().PostToAsync("/api/v1/session", JsonContent.Create(new { name = "li", password = Visitors.Password }));
        await old.ProblemAsync(HttpStatusCode.Unauthorized, "wrong-password");
    }

    [Theory]
    [InlineData("short", "characters: take at least 10")]
    [InlineData("aaaaaaaaaaaabbbb", "repeats itself")]
    [InlineData("Lin-is-my-name", "holds the sign-in name")]
    public async Task Refuses_a_password_that_is_guessed_quickly(string password, string reason)
    {
        var app = shared.App;
        var problem = await RefusedAsync(app, new { code = app.SetUpCode, name = "lin", password }, HttpStatusCode.BadRequest, "weak-password");
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>", "invalid")]
    [InlineData("two words", "invalid")]
    [InlineData(null, "name-missing")]
    public async Task Refuses_a_name_that_is_none(string? name, string code)
    {
        var app = shared.App;
        await RefusedAsync(app, new { code = app.SetUpCode, name, password = Visitors.Password }, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Changes_ones_own_password_and_keeps_this_session_only()
    {
        await using var app = new CloudApp();
        var here = await app.JoinAsync("li");
        var elsewhere = await app.SignInAsync("li");
        using var wrong = await here.TrySendAsync(HttpMethod.Put, "/api/v1/session/password", new { current = "wrong", password = "another way home" });
        await wrong.ProblemAsync(HttpStatusCode.Forbidden, "wrong-password");
        using var weak = await here.TrySendAsync(HttpMethod.Put, "/api/v1/session/password", new { current = Visitors.Password, password = "x" });
        await weak.ProblemAsync(HttpStatusCode.BadRequest, "weak-password");
        using var none = await here.TrySendAsync(HttpMethod.Put, "/api/v1/session/password", new { });
        await none.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        await here.SendAsync(HttpMethod.Put, "/api/v1/session/password", new { current = Visitors.Password, password = "another way home" });
        Assert.True(await here.IsInAsync());
        Assert.False(await elsewhere.IsInAsync());
        await app.SignInAsync("li", "another way home");
    }

    /// <summary>The framework's format 3: a byte of it, then the function (2 is HMAC-SHA512) and its rounds, each 4 bytes, the highest first.</summary>
    [Fact]
    public void Makes_each_guess_at_a_stolen_hash_cost_210_000_rounds()
    {
        var hash = Convert.FromBase64String(new Passwords().Hash(Visitors.Password));
        Assert.Equal((1, 2, 210_000), (hash[0], BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5))));
    }

    [Fact]
    public async Task Keeps_no_password_token_or_code_as_text()
    {
        await using var app = new CloudApp();
        await app.JoinAsync("li");
        var code = (await app.InviteAsync("wang")).GetProperty("code").GetString()!;
        var token = (await app.Administrator().SendAsync(HttpMethod.Post, "/api/v1/tokens", new { name = "script", role = "viewer" })).GetProperty("text").GetString()!;
        app.Services.GetRequiredService<StateFile>().Write(rows => rows.Run("CREATE TABLE flushed (x)"));
        var kept = string.Concat(Directory.GetFiles(Path.Combine(app.Folder, "data"), "cloud.db*").Select(Text));
        Assert.Contains("wang", kept, StringComparison.Ordinal);
        foreach (var secret in (string[])[Visitors.Password, code, token])
            Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);
    }

    private static string Text(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), System.Text.Encoding.Latin1);
        return file.ReadToEnd();
    }

    private static async Task<string> RefusedAsync(CloudApp app, object body, HttpStatusCode status, string code)
    {
        using var response = await app.Browser().PostToAsync(SetUp, JsonContent.Create(body));
        return (await response.ProblemAsync(status, code)).GetProperty("detail").GetString()!;
    }
}
