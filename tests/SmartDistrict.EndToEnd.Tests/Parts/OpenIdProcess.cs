using System.Globalization;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.EndToEnd.Tests.Parts;

/// <summary>
/// A real provider of OpenID Connect as a process of its own (tests/openid-provider). It is at localhost, where the service is at
/// 127.0.0.1: two sites to a browser, as in the field.
/// </summary>
internal sealed class OpenIdProcess(TemporaryFolder folder) : IAsyncDisposable
{
    public const string Name = "City ID";

    private const string Secret = "a secret of both";

    private readonly int port = MosquittoBroker.FreePort();
    private DemoPart? part;

    /// <summary>The service's settings by which people may sign in here.</summary>
    public Dictionary<string, string> Settings()
    {
        File.WriteAllText(folder.File("openid-secret"), Secret + "\n");
        return new()
        {
            ["Cloud__OpenId__Issuer"] = Issuer,
            ["Cloud__OpenId__ClientId"] = "smartdistrict",
            ["Cloud__OpenId__ClientSecretFile"] = folder.File("openid-secret"),
            ["Cloud__OpenId__Name"] = Name,
        };
    }

    /// <summary>Starts it for a service that runs.</summary>
    public async Task StartAsync(CloudProcess cloud)
    {
        var program = RepositoryFiles.Path("tests", "openid-provider");
        Assert.True(Directory.Exists(Path.Combine(program, "node_modules")), $"the provider's packages are missing: run npm ci in {program}");
        part = DemoPart.Start("openid-provider", folder.Path, ["node", Path.Combine(program, "provider.mjs"),
            port.ToString(CultureInfo.InvariantCulture), new Uri(cloud.Url, "sign-in/openid/done").ToString(), Secret]);
        using var client = new HttpClient();
        await Waiting.UntilAsync(async () =>
        {
            part.MustRun();
            try
            {
                return await client.GetStringAsync($"{Issuer}/.well-known/openid-configuration", TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }, () => $"no answer from {Issuer}");
    }

    public ValueTask DisposeAsync() => part?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Issuer => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
}
