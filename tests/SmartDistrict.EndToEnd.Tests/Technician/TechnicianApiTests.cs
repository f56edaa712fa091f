using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.EndToEnd.Tests.Parts;

namespace SmartDistrict.EndToEnd.Tests.Technician;

public sealed class TechnicianApiTests(SharedTechnicianSite shared) : IClassFixture<SharedTechnicianSite>
{
    private const string Api = "technician/api/";

    [Fact]
    public async Task Each_page_and_view_answers_and_is_protected()
    {
        await using var site = await TechnicianSite.StartAsync();
        foreach (var (path, type) in new[]
        {
            ("technician/", "text/html"), ("technician/page.js", "text/javascript"), ("technician/page.css", "text/css"), ("technician/icon.svg", "image/svg+xml"),
            ("technician/texts.zh.json", "application/json"), ("technician/texts.en.json", "application/json"), (Api + "gate", "application/json"),
            (Api + "wiring", "application/json"), (Api + "live", "application/json"), (Api + "walks", "application/json"), (Api + "sniff", "application/json"),
            (Api + "status", "application/json"), (Api + "bundle", "application/zip"),
        })
        {
            using var answer = await site.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
        using var root = await site.GetAsync("");
        Assert.Equal((HttpStatusCode.Found, "/technician/"), (root.StatusCode, root.Headers.Location!.OriginalString));
        using var nothing = await site.GetAsync("technician/passwd");
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        var wiring = await site.JsonAsync(Api + "wiring");
        var device = wiring.GetProperty("devices").EnumerateArray().Single(device => device.GetProperty("id").GetString() == "node-08");
        Assert.Equal("sd/v1/harbour/+/node-08/reading", device.GetProperty("topic").GetString());
        Assert.Equal("ln-01", device.GetProperty("channels")[0].GetProperty("line").GetString());
        Assert.Equal("西滨江入口", wiring.GetProperty("lines")[0].GetProperty("name").GetProperty("zh").GetString());
        await site.WalkAsync(2, 1);
        await Waiting.UntilAsync(async () => Counts(await site.JsonAsync(Api + "live")) == (2, 1) ? "seen" : null, () => "the line does not count live");
    }

    [Theory]
    [InlineData("walk/start", """{"line":"ln-01","in":5}""", "http://evil.example", "application/json", 403)]
    [InlineData("walk/start", """{"line":"ln-01","in":5}""", null, "application/json", 403)]
    [InlineData("walk/start", """{"line":"ln-01","in":5}""", "", "text/plain", 415)]
    [InlineData("walk/start", "{", "", "application/json", 400)]
    [InlineData("walk/start", "[]", "", "application/json", 400)]
    [InlineData("walk/start", """{"line":"ln-99","in":5}""", "", "application/json", 409)]
    [InlineData("walk/start", """{"line":"ln-01","in":500}""", "", "application/json", 409)]
    [InlineData("walk/start", """{"line":"ln-01","in":5}""", "", "application/json", 200)]
    [InlineData("walk/stop", "{}", "", "application/json", 200)]
    [InlineData("sniff/start", """{"minutes":1}""", "", "application/json", 200)]
    [InlineData("sniff/start", """{"minutes":1}""", "http://evil.example", "application/json", 403)]
    [InlineData("sniff/stop", "{}", "", "application/json", 200)]
    [InlineData("profile/propose", """{"topic":"never/heard"}""", "", "application/json", 409)]
    [InlineData("profile/check", """{"yaml":"profile: x"}""", "", "application/json", 200)]
    [InlineData("nothing", "{}", "", "application/json", 404)]
    public async Task Only_a_page_of_the_gateway_may_start_something(string what, string body, string? origin, string type, int code)
    {
        var site = shared.Site;
        using var answer = await site.PostAsync(Api + what, body, origin, type);
        Assert.Equal(code, (int)answer.StatusCode);
        // what this case started, the next one finds stopped
        using var walk = await site.PostAsync(Api + "walk/stop", "{}");
        using var sniff = await site.PostAsync(Api + "sniff/stop", "{}");
        if (code >= 400)
            Assert.NotEmpty(JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("problem").GetString()!);
        using var get = await site.GetAsync(Api + "walk/start");
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
        using var large = await site.PostAsync(Api + what, new string(' ', 70_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task In_the_network_everything_but_the_health_check_asks_for_the_code()
    {
        await using var site = await TechnicianSite.StartAsync(site =>
        {
            File.WriteAllText(site.File("code"), "harbour-4711\n");
            site.Gateway.Configuration["Status"] = new JsonObject { ["Listen"] = "0.0.0.0", ["CodeFile"] = site.File("code") };
        });
        foreach (var path in (string[])["wiring", "live", "walks", "sniff", "status", "bundle"])
        {
            using var refused = await site.GetAsync(Api + path);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        using var start = await site.PostAsync(Api + "sniff/start", "{}");
        Assert.Equal(HttpStatusCode.Unauthorized, start.StatusCode);
        using var health = await site.GetAsync("healthz");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("""{"needs_code":true,"allowed":false}""", (await site.JsonAsync(Api + "gate")).GetRawText());

        using var forged = await site.PostAsync(Api + "enter", """{"code":"harbour-4711"}""", "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        using var entered = await site.PostAsync(Api + "enter", """{"code":"harbour-4711"}""");
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^sd_technician=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict$", cookie);
        Assert.Equal("gw-1", (await site.JsonAsync(Api + "wiring", cookie.Split(';')[0])).GetProperty("gateway").GetString());

        for (var guess = 0; guess < 5; guess++)
        {
            using var wrong = await site.PostAsync(Api + "enter", """{"code":"harbour-0000"}""");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using var slowed = await site.PostAsync(Api + "enter", """{"code":"harbour-4711"}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.InRange(slowed.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
    }

    [Theory]
    [InlineData(null, "Status:CodeFile", "everybody in the network would reach the technician's page", "name a file that holds a code")]
    [InlineData("short", "has 5 characters", "take one of 8 or more")]
    [InlineData("", "is empty")]
    public async Task Without_a_good_code_it_does_not_open_itself_to_the_network(string? code, params string[] words)
    {
        using var folder = new TemporaryFolder();
        await using var gateway = new GatewayProcess(folder, 1, new JsonObject { ["Url"] = "http://127.0.0.1:1/", ["Api"] = "v1", ["Database"] = "district" });
        var status = new JsonObject { ["Listen"] = "0.0.0.0" };
        if (code is not null)
        {
            await File.WriteAllTextAsync(folder.File("code"), code, TestContext.Current.CancellationToken);
            status["CodeFile"] = folder.File("code");
        }
        gateway.Configuration["Status"] = status;
        gateway.Start();
        Assert.Equal(78, await gateway.EndAsync());
        Assert.All(words, word => Assert.Contains(word, gateway.Log.Error, StringComparison.Ordinal));
    }

    /// <summary>Secrets stand wherever settings can hold one, and one has got into the log: none of them is in the bundle, in any form.</summary>
    [Fact]
    public async Task The_bundle_holds_what_is_needed_and_no_secret()
    {
        using var key = ECDsa.Create();
        var pem = key.ExportECPrivateKeyPem();
        var secrets = new Dictionary<string, string>
        {
            ["password"] = "broker-Pa55/word+&\"x", ["token"] = "influx-t0ken-8d77==", ["code"] = "technician-4711", ["key.pem"] = pem,
        };
        await using var site = await TechnicianSite.StartAsync(site =>
        {
            foreach (var (name, secret) in secrets)
                File.WriteAllText(site.File(name), secret + "\n");
            var settings = site.Gateway.Configuration;
            settings["Broker"]!["User"] = "gateway";
            settings["Broker"]!["PasswordFile"] = site.File("password");
            settings["Live"]!["PasswordFile"] = site.File("password");
            settings["Live"]!["User"] = "live";
            settings["Live"]!["Port"] = 1;
            settings["Live"]!["Tls"] = new JsonObject { ["Key"] = site.File("key.pem"), ["Certificate"] = Certificate(site, key) };
            settings["Sync"] = new JsonObject { ["Url"] = "http://127.0.0.1:1/", ["Api"] = "v2", ["Org"] = "district", ["Bucket"] = "footfall", ["TokenFile"] = site.File("token") };
            settings["Fold"] = new JsonObject { ["CheckpointSeconds"] = 1 };
            settings["Status"] = new JsonObject { ["CodeFile"] = site.File("code") };
            // sections that this program does not know are in the settings all the same
            settings["Vendor"] = new JsonObject { ["ApiKey"] = "vendor-api-key-99", ["Url"] = "https://admin:url-pa55word@vendor.example/", ["Secrets"] = new JsonArray("listed-secret-1", "listed-secret-2") };
        });
        // a topic that holds the password: it gets into the dead letters
        await site.SayAsync("sd/v1/harbour/counter/influx-t0ken-8d77==/reading", "{}");
        await site.WalkAsync(1, 0);
        await site.Gateway.SaysAsync("the message is not refused", word => word.Number("dead_letters") == 1 && word.Number("readings") == 1);
        using var entered = await site.PostAsync(Api + "enter", """{"code":"technician-4711"}""");
        var session = Assert.Single(entered.Headers.GetValues("Set-Cookie")).Split(';')[0];
        using (var started = await site.PostAsync(Api + "walk/start", """{"line":"ln-01","in":5}""", session: session))
            Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        using (var stopped = await site.PostAsync(Api + "walk/stop", "{}", session: session))
            Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);

        var entries = await Waiting.UntilAsync(async () =>
            await BundleAsync(site, session) is { } bundle && bundle["dead-letters.json"] != "[]" ? bundle : null, () => "the dead letter is not in the bundle");

        Assert.Equal(["dead-letters.json", "devices.json", "journal.json", "log.txt", "machine.json", "settings.json", "status.json", "unknown-topics.json", "walk-tests.json"], entries.Keys.Order(StringComparer.Ordinal));
        string[] hidden = [.. secrets.Values.Where(secret => secret != pem), .. pem.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')),
            "vendor-api-key-99", "url-pa55word", "listed-secret-1", "listed-secret-2", session.Split('=')[1]];
        foreach (var (name, text) in entries)
            foreach (var secret in hidden)
                foreach (var form in (string[])[secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret)[1..^1], Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=')])
                    Assert.False(text.Contains(form, StringComparison.Ordinal), $"{name} holds {form}:\n{text}");
        var shown = JsonNode.Parse(entries["settings.json"])!.AsObject();
        Assert.Equal(("gw-1", site.File("token"), "•••", "•••"), ((string)shown["Gateway:Id"]!, (string)shown["Sync:TokenFile"]!, (string)shown["Vendor:ApiKey"]!, (string)shown["Vendor:Secrets:0"]!));
        Assert.Contains("Gateway gw-1 is running", entries["log.txt"], StringComparison.Ordinal);
        Assert.Contains("is not in the district file", entries["dead-letters.json"], StringComparison.Ordinal);
        Assert.Equal("failed", (string)JsonNode.Parse(entries["walk-tests.json"])![0]!["result"]!);
        Assert.NotEmpty(JsonNode.Parse(entries["journal.json"])!.AsArray());
        Assert.Equal("gw-1", (string)JsonNode.Parse(entries["status.json"])!["gateway"]!);
    }

    private static async Task<Dictionary<string, string>> BundleAsync(TechnicianSite site, string session)
    {
        using var answer = await site.GetAsync(Api + "bundle", session);
        Assert.Matches("^gw-1-[0-9-]+.zip$", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var entries = new Dictionary<string, string>();
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(TestContext.Current.CancellationToken));
            entries.Add(entry.FullName, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
        return entries;
    }

    private static string Certificate(TechnicianSite site, ECDsa key)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=gw-1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(site.File("certificate.pem"), certificate.ExportCertificatePem());
        return site.File("certificate.pem");
    }

    private static (long, long) Counts(JsonElement live)
    {
        var line = live.GetProperty("lines").EnumerateArray().Single(line => line.GetProperty("id").GetString() == "ln-01");
        return (line.GetProperty("entered").GetInt64(), line.GetProperty("left").GetInt64());
    }
}
