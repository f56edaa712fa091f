using System.Net;
using System.Net.Http.Json;
using System.Text;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Live;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class SigningIn(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string Session = "/api/v1/session";

    [Fact]
    public async Task Tells_who_somebody_is_and_what_they_may_do()
    {
        await using var app = new CloudApp();
        await app.JoinAsync("li.wei");
        var state = await (await app.SignInAsync(" Li.Wei ")).JsonAsync(Session);
        Assert.Equal("""{"name":"li.wei","displayName":"li.wei","role":"operator","person":1,"openId":false}""", state.GetRawText());
    }

    [Fact]
    public async Task Gives_a_cookie_that_no_script_reads_and_no_other_site_sends()
    {
        await using var app = new CloudApp();
        await app.JoinAsync("li");
        using var answer = await app.Browser().PostToAsync(Session, JsonContent.Create(new { name = "li", password = Visitors.Password }));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Gives_its_cookie_to_encrypted_connections_only_where_a_proxy_has_one()
    {
        await using var app = new CloudApp(settings: new Dictionary<string, string> { ["ForwardedHeaders_Enabled"] = "true" });
        await app.JoinAsync("li");
        using var request = new HttpRequestMessage(HttpMethod.Post, Session) { Content = JsonContent.Create(new { name = "li", password = Visitors.Password }) };
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await app.Browser().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("; secure", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Ends_the_session_that_the_browser_had_before()
    {
        await using var app = new CloudApp();
        var before = await app.JoinAsync("li");
        await app.JoinAsync("wang");
        Assert.Equal(HttpStatusCode.NoContent, (await before.TrySendAsync(HttpMethod.Post, Session, new { name = "wang", password = Visitors.Password })).StatusCode);
        Assert.False(await before.IsInAsync());
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Counts_the_attempts_of_addresses_that_one_attacker_has(string one, string other, bool together) =>
        Assert.Equal(together, AccessApi.Neighbourhood(IPAddress.Parse(one)) == AccessApi.Neighbourhood(IPAddress.Parse(other)));

    [Theory]
    [InlineData("li", "another password")]
    [InlineData("wang", Visitors.Password)]
    public async Task Says_the_same_of_a_wrong_name_and_a_wrong_password(string name, string password)
    {
        await using var app = new CloudApp();
        await app.JoinAsync("li");
        using var response = await app.Browser().PostToAsync(Session, JsonContent.Create(new { name, password }));
        var problem = await response.ProblemAsync(HttpStatusCode.Unauthorized, "wrong-password");
        Assert.StartsWith("Name and password do not belong together", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("li")]
    [InlineData("nobody-of-this-name")]
    public async Task Is_locked_for_a_name_after_five_wrong_passwords_and_longer_each_time(string name)
    {
        await using var app = new CloudApp();
        await app.JoinAsync("li");
        foreach (var minutes in (int[])[1, 2])
        {
            for (var i = 0; i < (minutes == 1 ? 5 : 1); i++)
                await Refused(app, name, HttpStatusCode.Unauthorized, "wrong-password");
            Assert.Equal($"{minutes * 60}", await Refused(app, name, HttpStatusCode.TooManyRequests, "name-locked"));
            app.Clock.JumpTo(app.Clock.GetUtcNow().AddMinutes(minutes));
        }
    }

    [Fact]
    public async Task Is_locked_over_a_restart_and_opened_by_an_invitation()
    {
        await using var first = new CloudApp();
        await first.JoinAsync("li");
        for (var i = 0; i < 5; i++)
            await Refused(first, "li", HttpStatusCode.Unauthorized, "wrong-password");
        await using var second = new CloudApp(settings: new Dictionary<string, string> { ["Cloud:Data"] = Path.Combine(first.Folder, "data") });
        await Refused(second, "li", HttpStatusCode.TooManyRequests, "name-locked", Visitors.Password);
        await second.Administrator().SendAsync(HttpMethod.Post, "/api/v1/people/1/invitation");
        Assert.True(await (await second.SignInAsync("li")).IsInAsync());
        var acts = (await second.Administrator().JsonAsync("/api/v1/audit?act=session.lock-out")).GetProperty("entries");
        Assert.Equal("li", acts[0].GetProperty("on").GetString());
    }

    [Fact]
    public async Task Is_guessed_no_faster_by_who_sits_at_an_open_console()
    {
        await using var app = new CloudApp();
        var browser = await app.JoinAsync("li");
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await browser.TrySendAsync(HttpMethod.Put, Session + "/password", new { current = $"a guess {i}", password = "another way home" });
            await wrong.ProblemAsync(HttpStatusCode.Forbidden, "wrong-password");
        }
        using var locked = await browser.TrySendAsync(HttpMethod.Put, Session + "/password", new { current = Visitors.Password, password = "another way home" });
        await locked.ProblemAsync(HttpStatusCode.TooManyRequests, "name-locked");
        Assert.True(await browser.IsInAsync());
    }

    [Fact]
    public async Task Forgets_wrong_passwords_once_the_right_one_comes()
    {
        await using var app = new CloudApp();
        await app.JoinAsync("li");
        for (var i = 0; i < 4; i++)
            await Refused(app, "li", HttpStatusCode.Unauthorized, "wrong-password");
        await app.SignInAsync("li");
        for (var i = 0; i < 4; i++)
            await Refused(app, "li", HttpStatusCode.Unauthorized, "wrong-password");
    }

    [Fact]
    public async Task Is_limited_to_twenty_tries_a_minute_from_one_address_whatever_the_names()
    {
        await using var app = new CloudApp();
        for (var i = 0; i < 20; i++)
            await Refused(app, $"name-{i}", HttpStatusCode.Unauthorized, "wrong-password");
        Assert.Equal("60", await Refused(app, "name-20", HttpStatusCode.TooManyRequests, "too-many-requests"));
    }

    [Fact]
    public async Task Outlives_a_restart_of_the_service()
    {
        await using var first = new CloudApp();
        var cookie = (await first.JoinAsync("li")).DefaultRequestHeaders.GetValues("Cookie").Single();
        await using var second = new CloudApp(settings: new Dictionary<string, string> { ["Cloud:Data"] = Path.Combine(first.Folder, "data") });
        var browser = second.Browser();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.True(await browser.IsInAsync());
    }

    [Fact]
    public async Task Lasts_while_it_is_used_and_seven_days_without()
    {
        await using var app = new CloudApp();
        var often = await app.JoinAsync("li");
        var seldom = await app.JoinAsync("wang");
        for (var day = 0; day < 6; day++)
        {
            app.Clock.JumpTo(app.Clock.GetUtcNow().AddDays(1));
            Assert.True(await often.IsInAsync());
        }
        app.Clock.JumpTo(app.Clock.GetUtcNow().AddDays(1.1));
        Assert.False(await seldom.IsInAsync());
    }

    [Fact]
    public async Task Ends_for_good_with_the_sign_out_also_what_is_still_streaming()
    {
        await using var app = new CloudApp();
        var browser = await app.JoinAsync("li");
        using var stream = await EventStream.OpenAsync(browser);
        await stream.NextAsync();
        await browser.SendAsync(HttpMethod.Delete, Session);
        // The browser forgot the cookie; a thief who kept it has nothing.
        Assert.False(await browser.IsInAsync());
        await stream.EndsAsync();
    }

    [Theory]
    [InlineData("{}", "invalid")]
    [InlineData("""{"name":"li"}""", "invalid")]
    [InlineData("""{"name":"li","password":""}""", "invalid")]
    [InlineData("""{"name":7,"password":"x"}""", "bad-request")]
    [InlineData("{", "bad-request")]
    [InlineData("", "bad-request")]
    public async Task Refuses_what_is_malformed(string body, string code)
    {
        var app = shared.App;
        using var response = await app.Browser().PostToAsync(Session, new StringContent(body, Encoding.UTF8, "application/json"));
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Origin", "https://elsewhere.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://localhost", true)]
    public async Task Makes_no_other_site_act_through_the_browser(string header, string value, bool taken)
    {
        await using var app = new CloudApp();
        var browser = await app.JoinAsync("li");
        browser.DefaultRequestHeaders.Add(header, value);
        using var response = await browser.TrySendAsync(HttpMethod.Delete, Session);
        if (taken)
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        else
            await response.ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
        browser.DefaultRequestHeaders.Remove(header);
        Assert.Equal(taken, !await browser.IsInAsync());
    }

    /// <returns>Retry-After.</returns>
    private static async Task<string?> Refused(CloudApp app, string name, HttpStatusCode status, string code, string password = "wrong")
    {
        using var response = await app.Browser().PostToAsync(Session, JsonContent.Create(new { name, password }));
        await response.ProblemAsync(status, code);
        return response.Headers.RetryAfter?.ToString();
    }
}
