using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Hosting;

/// <summary>The whole service in process, with its own data folder, a district file and a clock that the test moves.</summary>
internal sealed class CloudApp : WebApplicationFactory<Program>
{
    public const string Token1 = "token-of-gateway-1";
    public const string Token2 = "token-of-gateway-2";

    private readonly Dictionary<string, string?> settings;

    public CloudApp(string? yaml = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        Folder = Directory.CreateTempSubdirectory("cloud-test-").FullName;
        var district = Path.Combine(Folder, "district.yaml");
        File.WriteAllText(district, yaml ?? TestDistrict.Yaml);
        this.settings = new()
        {
            ["Cloud:District"] = district,
            ["Cloud:Data"] = Path.Combine(Folder, "data"),
            ["Cloud:Gateways:0:Id"] = "gw-1",
            ["Cloud:Gateways:0:TokenSha256"] = Sha256(Token1),
            ["Cloud:Gateways:1:Id"] = "gw-2",
            ["Cloud:Gateways:1:TokenSha256"] = Sha256(Token2),
            ["Cloud:ApiTokens:0:Name"] = "test-viewer",
            ["Cloud:ApiTokens:0:Role"] = "viewer",
            ["Cloud:ApiTokens:0:TokenSha256"] = Sha256("viewer"),
            ["Cloud:ApiTokens:1:Name"] = "test-operator",
            ["Cloud:ApiTokens:1:Role"] = "operator",
            ["Cloud:ApiTokens:1:TokenSha256"] = Sha256("operator"),
            ["Cloud:ApiTokens:2:Name"] = "test-administrator",
            ["Cloud:ApiTokens:2:Role"] = "administrator",
            ["Cloud:ApiTokens:2:TokenSha256"] = Sha256("administrator"),
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            this.settings[key] = value;
    }

    public string Folder { get; }

    /// <summary>2026-03-02 16:00 in Shanghai.</summary>
    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    /// <summary>Now, s since the Unix epoch.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The code by which the first administrator comes in.</summary>
    public string SetUpCode
    {
        get
        {
            _ = Server;
            return File.ReadAllText(Path.Combine(Folder, "data", "set-up-code"));
        }
    }

    /// <summary>A program that may look.</summary>
    public HttpClient Viewer() => Bearer("viewer");

    /// <summary>A program that may act.</summary>
    public HttpClient Operator() => Bearer("operator");

    /// <summary>A program that may decide who may what.</summary>
    public HttpClient Administrator() => Bearer("administrator");

    /// <summary>A client that sends a token.</summary>
    public HttpClient Bearer(string token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client that sends a gateway's token as InfluxDB's own clients do.</summary>
    public HttpClient Gateway(string token = Token1)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", token);
        return client;
    }

    public static string Sha256(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock).AddSingleton(new Passwords(iterations: 1)));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
