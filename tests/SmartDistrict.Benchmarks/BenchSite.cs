using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.Telemetry;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// A district of the size of a <see cref="ReadingStream"/> on disk, and the real processes that serve it: each device has
/// a line of its own, and each line a zone of its own that it joins with the outside.
/// </summary>
internal sealed class BenchSite : IDisposable
{
    public const string GatewayId = "gw";
    private readonly DemoFolder folder = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ReadingStream stream;
    private readonly string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
    private string? installed;
    private int gateways;

    public BenchSite(ReadingStream stream)
    {
        this.stream = stream;
        File.WriteAllText(DistrictPath, DistrictFile(stream));
        File.WriteAllText(folder.Path("token"), token);
    }

    /// <summary>A program's token for the cloud's API.</summary>
    public string ApiToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public string Folder => folder.Root;

    public string DistrictPath => folder.Path("district.yaml");

    public static string Zone(int device) => "zone-" + ReadingStream.Device(device);

    public static string Line(int device) => "ln-" + ReadingStream.Device(device);

    /// <summary>The cloud service with its embedded store, or reading from an InfluxDB; returns when it answers.</summary>
    public async Task<DemoPart> StartCloudAsync(Uri url, int broker, InfluxServer? influx = null)
    {
        Directory.CreateDirectory(folder.Path("cloud"));
        var settings = new Dictionary<string, string>
        {
            ["Cloud__District"] = DistrictPath,
            ["Cloud__Data"] = folder.Path("cloud"),
            ["Cloud__ApiTokens__0__Name"] = "benchmark",
            ["Cloud__ApiTokens__0__TokenSha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ApiToken))),
            ["Cloud__Broker__Host"] = "127.0.0.1",
            ["Cloud__Broker__Port"] = broker.ToString(CultureInfo.InvariantCulture),
            ["Cloud__Gateways__0__Id"] = GatewayId,
            ["Cloud__Gateways__0__TokenSha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
        if (influx is not null)
            (settings["Cloud__Store"], settings["Cloud__Influx__Url"], settings["Cloud__Influx__Database"]) = ("Influx", influx.Url.ToString(), influx.Database);
        var cloud = DemoPart.Start("cloud", folder.Root, [Built("cloud", "SmartDistrict.Cloud", "smartdistrict-cloud"), "--urls", url.ToString()], settings);
        await cloud.WaitForAsync($"an answer from {url}healthz", () => TryGetAsync(new Uri(url, "healthz")), CancellationToken.None);
        return cloud;
    }

    /// <summary>Publishes the gateway as it is installed; <see cref="StartGateway"/> starts that one from then on.</summary>
    /// <exception cref="InvalidOperationException">The build failed; its output says why.</exception>
    public async Task PublishGatewayAsync()
    {
        installed = folder.Path("installed", "smartdistrict-edge");
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", RepositoryFiles.Path("edge", "SmartDistrict.Edge"), "-c", "Release",
            "-r", "linux-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(), "-o", folder.Path("installed"), "-v", "quiet", "--nologo"]))!;
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
            throw new InvalidOperationException("the gateway could not be published");
    }

    /// <summary>A gateway of its own data folder; it is started, and may not be ready yet.</summary>
    /// <param name="sync">Section Sync; <see cref="SyncToCloud"/> or <see cref="SyncToInflux"/>.</param>
    /// <param name="live">Whether it sends live windows to the same broker.</param>
    public (DemoPart Part, string Data) StartGateway(int broker, JsonObject sync, bool live)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"gateway-{++gateways}");
        var data = Directory.CreateDirectory(folder.Path(name)).FullName;
        return (StartGateway(WriteSettings(name, data, sync, broker, live)), data);
    }

    /// <summary>Writes a gateway's settings file.</summary>
    /// <returns>Its path.</returns>
    public string WriteSettings(string name, string data, JsonObject sync, int broker, bool live)
    {
        var configuration = new JsonObject
        {
            ["Gateway"] = new JsonObject { ["Id"] = GatewayId, ["District"] = DistrictPath, ["Profiles"] = RepositoryFiles.Path("firmware-config", "profiles"), ["Data"] = data },
            ["Broker"] = new JsonObject { ["Host"] = "127.0.0.1", ["Port"] = broker },
            ["Sync"] = sync,
        };
        if (live)
            configuration["Live"] = new JsonObject { ["Host"] = "127.0.0.1", ["Port"] = broker };
        File.WriteAllText(folder.Path(name + ".json"), configuration.ToJsonString());
        return folder.Path(name + ".json");
    }

    /// <summary>Starts a gateway with a settings file.</summary>
    public DemoPart StartGateway(string settings) => DemoPart.Start(Path.GetFileNameWithoutExtension(settings), folder.Root,
        [installed ?? Built("edge", "SmartDistrict.Edge", "smartdistrict-edge"), "run", "--config", settings]);

    public JsonObject SyncToCloud(Uri url) => new()
    {
        ["Url"] = url.ToString(), ["Api"] = "v2", ["Org"] = "bench", ["Bucket"] = "bench", ["TokenFile"] = folder.Path("token"),
    };

    public static JsonObject SyncToInflux(Uri url, string database) => new() { ["Url"] = url.ToString(), ["Api"] = "v1", ["Database"] = database };

    /// <summary>Waits until a gateway says that nothing is wrong.</summary>
    public Task ReadyAsync(DemoPart gateway, string data) => gateway.WaitForAsync<string>("its state ok", async () =>
        await StatusAsync(data) is { } status && status.GetProperty("state").GetString() == "ok" ? "ok" : null, CancellationToken.None);

    /// <summary>What a gateway says of itself; null while it does not answer.</summary>
    public async Task<JsonElement?> StatusAsync(string data)
    {
        var file = Path.Combine(data, "status-url");
        if (!File.Exists(file) || await TryGetAsync(new Uri((await File.ReadAllTextAsync(file)).Trim())) is not { } text)
            return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    private async Task<string?> TryGetAsync(Uri url)
    {
        try
        {
            return await http.GetStringAsync(url);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>The release build of a program.</summary>
    private static string Built(string side, string project, string file)
    {
        var path = RepositoryFiles.Path(side, project, "bin", "Release", "net10.0", file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run the benchmarks with -c Release");
    }

    private static string DistrictFile(ReadingStream stream)
    {
        var text = new StringBuilder($"""
            district: {stream.District}
            name: {Name("基准", "Benchmark")}
            time_zone: UTC
            occupancy_reset: "04:00"
            coordinates: local-metres
            gateways:
              - {Flow("id: " + GatewayId, "name: " + Name("网关", "Gateway"))}

            """);
        Section("zones", device => Flow("id: " + Zone(device), "name: " + Name("区", "Zone"), "kind: hall", "level: 0",
            string.Create(CultureInfo.InvariantCulture, $"polygon: [[{X(device)}, {Y(device)}], [{X(device) + 9}, {Y(device)}], [{X(device) + 9}, {Y(device) + 8}], [{X(device)}, {Y(device) + 8}]]")));
        Section("lines", device => Flow("id: " + Line(device), "name: " + Name("门", "Gate"),
            string.Create(CultureInfo.InvariantCulture, $"at: [[{X(device) + 3}, {Y(device)}], [{X(device) + 6}, {Y(device)}]]"),
            "joins: [" + Flow("since: \"2020-01-01T00:00:00Z\"", "from: outside", "to: " + Zone(device)) + "]"));
        Section("devices", device => Flow("id: " + ReadingStream.Device(device), "gateway: " + GatewayId, "profile: native", "line: " + Line(device)));
        return text.ToString();

        static int X(int device) => device % 50 * 10;
        static int Y(int device) => device / 50 * 10;

        void Section(string name, Func<int, string> entry)
        {
            text.Append(name).Append(":\n");
            for (var device = 0; device < stream.Devices; device++)
                text.Append("  - ").Append(entry(device)).Append('\n');
        }

        static string Name(string zh, string en) => Flow("zh: " + zh, "en: " + en);

        static string Flow(params ReadOnlySpan<string> pairs) => "{" + string.Join(", ", pairs) + "}";
    }
}
