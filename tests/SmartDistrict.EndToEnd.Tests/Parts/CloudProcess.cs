using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.EndToEnd.Tests.Parts;

/// <summary>The cloud service as a process of its own, serving the built console, on an InfluxDB or on its embedded store.</summary>
internal sealed class CloudProcess : IAsyncDisposable
{
    private readonly DemoPart part;
    private readonly string accessCodeFile;
    private readonly CookieContainer cookies = new();

    private CloudProcess(DemoPart part, Uri url, string accessCodeFile)
    {
        this.part = part;
        this.accessCodeFile = accessCodeFile;
        Url = url;
        Client = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = url };
    }

    public Uri Url { get; }

    /// <summary>A client of the API; <see cref="SignInAsync"/> lets it in.</summary>
    public HttpClient Client { get; }

    /// <summary>What the service gave to <see cref="Client"/> at its sign-in.</summary>
    public IEnumerable<Cookie> Cookies => cookies.GetCookies(Url);

    /// <summary>The code that the service made at its first start.</summary>
    public string AccessCode => File.ReadAllText(accessCodeFile).Trim();

    /// <summary>Reads from an InfluxDB, into which the gateways write.</summary>
    public static Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, InfluxServer influx) => StartAsync(folder, brokerPort, new Dictionary<string, string>
    {
        ["Cloud__Store"] = "influx",
        ["Cloud__Influx__Url"] = influx.Url.ToString(),
        ["Cloud__Influx__Database"] = influx.Database,
    });

    /// <summary>Takes the points itself, from a gateway with this token.</summary>
    public static Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, string gateway, string token) => StartAsync(folder, brokerPort, new Dictionary<string, string>
    {
        ["Cloud__Gateways__0__Id"] = gateway,
        ["Cloud__Gateways__0__TokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
    });

    private static async Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, Dictionary<string, string> store)
    {
        var console = RepositoryFiles.Path("cloud", "console", "dist");
        Assert.True(File.Exists(Path.Combine(console, "index.html")), $"the console is not built ({console} has no index.html): run npm ci and npm run build in cloud/console");
        var url = new Uri($"http://127.0.0.1:{MosquittoBroker.FreePort()}/");
        var part = DemoPart.Start("cloud", folder.Path,
            ["dotnet", RepositoryFiles.Program("cloud/SmartDistrict.Cloud", "smartdistrict-cloud.dll"), "--urls", url.ToString()],
            new Dictionary<string, string>(store)
            {
                ["Cloud__District"] = RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"),
                ["Cloud__Data"] = folder.File("cloud"),
                ["Cloud__Console"] = console,
                ["Cloud__Broker__Host"] = "127.0.0.1",
                ["Cloud__Broker__Port"] = brokerPort.ToString(CultureInfo.InvariantCulture),
            });
        var cloud = new CloudProcess(part, url, folder.File("cloud", "access-code"));
        try
        {
            await Waiting.UntilAsync(cloud.HealthAsync, () => $"no answer from {url}healthz");
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    public async Task SignInAsync()
    {
        using var answer = await Client.PostAsJsonAsync("api/v1/session", new { code = AccessCode }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await part.DisposeAsync();
    }

    private async Task<string?> HealthAsync()
    {
        part.MustRun();
        try
        {
            return await Client.GetStringAsync(new Uri("healthz", UriKind.Relative), TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
