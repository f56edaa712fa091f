using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.Configuration;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Assets;

namespace SmartDistrict.Testing.Demo;

/// <summary>The site that the demo sets up in its folder: ports, keys and configuration of every part, and how each starts.</summary>
public sealed class DemoSite : IDisposable
{
    private const string Administrator = "demo";
    private const string GatewayId = "gw-1";
    private const int UsualPort = 8080;

    /// <summary>People arriving per minute at the peak: at night, too, most zones of the map move within a minute.</summary>
    private const double Peak = 400;

    private static readonly TimeSpan History = TimeSpan.FromHours(24);

    private readonly DemoOptions options;
    private readonly DemoFolder folder;
    private readonly long begun = TimeProvider.System.GetTimestamp();
    private readonly DateTimeOffset start = TimeProvider.System.GetUtcNow();
    private readonly string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
    private readonly string password = $"harbour-{RandomNumberGenerator.GetInt32(100_000, 1_000_000)}";
    private readonly HttpClient status = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly int port;
    private GatewayFigures lastStatus = new("", 0, 0, 0, 0, 0, 0, 0, 0);

    private DemoSite(DemoOptions options, DemoFolder folder)
    {
        this.options = options;
        this.folder = folder;
        port = options.Port ?? (IsFree(UsualPort) ? UsualPort : MosquittoBroker.FreePort());
        BrokerPort = MosquittoBroker.FreePort();
    }

    public int BrokerPort { get; }

    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(begun);

    private string DistrictFile => options.Melbourne ? folder.Path("melbourne.yaml") : RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml");

    private Uri Console => new($"http://127.0.0.1:{port}/");

    /// <summary>
    /// Orders the gateway's windows: a run against the same database as an earlier one wins, and can be told from it.
    /// </summary>
    private long Generation => start.ToUnixTimeSeconds();

    /// <exception cref="DemoException">A port is in use, or the InfluxDB does not answer as it should.</exception>
    public static async Task<DemoSite> PrepareAsync(DemoOptions options, DemoFolder folder, CancellationToken stop)
    {
        var site = new DemoSite(options, folder);
        if (options.Port is { } port && !IsFree(port))
            throw new DemoException($"port {port} is in use: end what listens there, or give another with --port");
        if (options.Influx is not null)
            await site.PrepareInfluxAsync(stop);
        if (options.Melbourne)
            _ = site.Populate(site.start);
        return site;
    }

    /// <summary>The simulated district, whose devices connect at an instant.</summary>
    public SimulatedDistrict Populate(DateTimeOffset at)
    {
        var simulation = new SimulationOptions { Start = at, Seed = options.Seed, Speed = options.Speed, History = History, PeakPerMinute = Peak, Faults = options.Faults };
        return options.Melbourne
            ? SimulateCommand.Melbourne(options.Data, DistrictFile, simulation)
            : SimulatedDistrict.Walked(Configuration.DistrictFile.Load(DistrictFile), simulation);
    }

    /// <summary>What writes lockers, kiosks and carts, in the name of the gateway until that has drivers for them.</summary>
    public AssetFeed Furnish(District district) => new(
        new SimulatedAssets(district, options.Seed, TimeProvider.System.GetUtcNow()), status,
        options.Influx is { } influx ? new Uri(influx, $"write?db={Uri.EscapeDataString(options.Database ?? "")}&precision=s") : new Uri(Console, "api/v2/write?precision=s"),
        options.Influx is null ? token : null, TimeProvider.System);

    public string Greeting(District district) => string.Create(CultureInfo.InvariantCulture, $"""

        {district.Name.En} ({district.Name.Zh}): {district.Zones.Count} zones, {district.Lines.Count} counting lines, {district.Devices.Count} devices
          open     {Console}
          sign in  as {Administrator} with the password {password}
          end      with Ctrl-C{(options.Time is { } time ? $", or by itself after {time.TotalSeconds:0} s" : "")}

        """);

    public async Task<DemoPart> StartBrokerAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(folder.Path("broker"));
        var configuration = folder.Path("mosquitto.conf");
        File.WriteAllLines(configuration, [
            .. MosquittoOptions.ShippedLines,
            $"listener {BrokerPort} 127.0.0.1",
            $"persistence_location {folder.Path("broker")}/",
            .. Environment.IsPrivilegedProcess ? ["user root"] : Array.Empty<string>(),
        ]);
        var broker = DemoPart.Start("broker", folder.Root, [Mosquitto, "-c", configuration]);
        return await Ready(broker, "an open port", () => Task.FromResult(IsFree(BrokerPort) ? null : "open"), stop);
    }

    public async Task<DemoPart> StartCloudAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(folder.Path("cloud"));
        var settings = new Dictionary<string, string>
        {
            ["Cloud__District"] = DistrictFile,
            ["Cloud__Data"] = folder.Path("cloud"),
            ["Cloud__Broker__Host"] = "127.0.0.1",
            ["Cloud__Broker__Port"] = BrokerPort.ToString(CultureInfo.InvariantCulture),
            ["Cloud__Gateways__0__Id"] = GatewayId,
            ["Cloud__Gateways__0__TokenSha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
        if (options.Influx is { } influx)
        {
            settings["Cloud__Store"] = "influx";
            settings["Cloud__Influx__Url"] = influx.ToString();
            settings["Cloud__Influx__Database"] = options.Database;
        }
        var cloud = DemoPart.Start("cloud", folder.Root, ["dotnet", RepositoryFiles.Program("cloud/SmartDistrict.Cloud", "smartdistrict-cloud.dll"), "--urls", Console.ToString()], settings);
        return await Ready(cloud, $"an answer from {Console}healthz", () => GetAsync(new Uri(Console, "healthz")), stop);
    }

    public async Task<DemoPart> StartGatewayAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(folder.Path("gateway"));
        File.WriteAllText(folder.Path("token"), token);
        var broker = new JsonObject { ["Host"] = "127.0.0.1", ["Port"] = BrokerPort };
        var configuration = new JsonObject
        {
            ["Gateway"] = new JsonObject
            {
                ["Id"] = GatewayId, ["District"] = DistrictFile, ["Profiles"] = RepositoryFiles.Path("firmware-config", "profiles"),
                ["Data"] = folder.Path("gateway"), [nameof(Generation)] = Generation,
            },
            ["Broker"] = broker,
            ["Live"] = broker.DeepClone(),
            ["Sync"] = options.Influx is { } influx
                ? new JsonObject { ["Url"] = influx.ToString(), ["Api"] = "v1", ["Database"] = options.Database }
                : new JsonObject { ["Url"] = Console.ToString(), ["Api"] = "v2", ["Org"] = "smartdistrict", ["Bucket"] = "smartdistrict", ["TokenFile"] = folder.Path("token") },
        };
        File.WriteAllText(folder.Path("gateway.json"), configuration.ToJsonString());
        var gateway = DemoPart.Start(
            "gateway", folder.Root, ["dotnet", RepositoryFiles.Program("edge/SmartDistrict.Edge", "smartdistrict-edge.dll"), "run", "--config", folder.Path("gateway.json")]);
        return await Ready(gateway, "its status with a connection to the broker", async () => await TryStatusAsync() is { State: "ok" } ok ? ok : null, stop);
    }

    /// <summary>A client of the cloud's API that is signed in: it becomes the first administrator, as who installs the service does.</summary>
    public async Task<HttpClient> SignInAsync(CancellationToken stop)
    {
        var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = Console };
        using var answer = await client.PostAsJsonAsync("api/v1/set-up", new { code = await File.ReadAllTextAsync(folder.Path("cloud", "set-up-code"), stop), name = Administrator, password }, stop);
        return answer.IsSuccessStatusCode ? client : throw new DemoException($"the cloud refused its first administrator ({(int)answer.StatusCode})");
    }

    /// <summary>What the gateway says of itself; what it said last if it does not answer now.</summary>
    public async Task<GatewayFigures> GatewayStatusAsync() => lastStatus = await TryStatusAsync() ?? lastStatus;

    /// <summary>What the gateway said of itself when it ended.</summary>
    /// <exception cref="DemoException">It said nothing.</exception>
    public GatewayFigures LastGatewayStatus()
    {
        var file = folder.Path("gateway", "last-status.json");
        return File.Exists(file) ? GatewayFigures.Parse(File.ReadAllText(file)) : throw new DemoException("the gateway did not end in order");
    }

    /// <summary>
    /// People that the store holds as entries of each line, placed or not, of this run: by the cloud's API, or of an
    /// InfluxDB by its own.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, long>> StoredAsync(HttpClient client)
    {
        var from = (start - History).ToUnixTimeSeconds() / 3600 * 3600;
        return options.Influx is { } influx ? await StoredInInfluxAsync(influx, from) : await StoredInCloudAsync(client, from);
    }

    private static async Task<Dictionary<string, long>> StoredInCloudAsync(HttpClient client, long from)
    {
        var answer = await client.GetStringAsync(new Uri(
            $"api/v1/footfall/lines?bucket=1h&from={Iso(DateTimeOffset.FromUnixTimeSeconds(from))}&to={Iso(TimeProvider.System.GetUtcNow())}", UriKind.Relative));
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("lines").EnumerateArray()
            .ToDictionary(line => line.GetProperty("line").GetString()!, line => Sum(line.GetProperty("entries")) + Sum(line.GetProperty("unplacedEntries")));
    }

    private async Task<Dictionary<string, long>> StoredInInfluxAsync(Uri influx, long from)
    {
        using var document = JsonDocument.Parse(await QueryAsync(
            influx, $"SELECT sum(entries), sum(unplaced_entries) FROM footfall_1h WHERE time >= {from}s AND generation = {Generation} AND status <> 'void' GROUP BY line", CancellationToken.None));
        return document.RootElement.GetProperty("results")[0].TryGetProperty("series", out var series)
            ? series.EnumerateArray().ToDictionary(
                line => line.GetProperty("tags").GetProperty("line").GetString()!,
                line => Sum(line.GetProperty("values")[0]) - line.GetProperty("values")[0][0].GetInt64())
            : [];
    }

    private static long Sum(JsonElement values) =>
        values.EnumerateArray().Sum(value => value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0);

    /// <summary>The database is made if it is missing; that it exists already is no error.</summary>
    private async Task PrepareInfluxAsync(CancellationToken stop)
    {
        try
        {
            using var document = JsonDocument.Parse(await QueryAsync(options.Influx!, $"CREATE DATABASE \"{options.Database}\"", stop));
            if (document.RootElement.GetProperty("results")[0].TryGetProperty("error", out var error))
                throw new DemoException($"the InfluxDB at {options.Influx} refuses database {options.Database}: {error.GetString()}");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new DemoException($"the InfluxDB at {options.Influx} does not answer as one ({e.Message}): look whether it runs, and at --influx");
        }
    }

    private async Task<string> QueryAsync(Uri influx, string query, CancellationToken stop)
    {
        using var form = new FormUrlEncodedContent([new("db", options.Database), new("q", query), new("epoch", "s")]);
        using var answer = await status.PostAsync(new Uri(influx, "query"), form, stop);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(stop);
    }

    private async Task<GatewayFigures?> TryStatusAsync()
    {
        var file = folder.Path("gateway", "status-url");
        return File.Exists(file) && await GetAsync(new Uri((await File.ReadAllTextAsync(file)).Trim())) is { } json ? GatewayFigures.Parse(json) : null;
    }

    private async Task<string?> GetAsync(Uri url)
    {
        try
        {
            return await status.GetStringAsync(url);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => status.Dispose();

    /// <summary>A part that does not come up must not be left running.</summary>
    private static async Task<DemoPart> Ready<T>(DemoPart part, string what, Func<Task<T?>> sign, CancellationToken stop) where T : class
    {
        try
        {
            await part.WaitForAsync(what, sign, stop);
            return part;
        }
        catch
        {
            await part.DisposeAsync();
            throw;
        }
    }

    private static string Mosquitto =>
        new[] { "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto" }.FirstOrDefault(File.Exists)
        ?? throw new DemoException("mosquitto is not installed: apt-get install mosquitto");

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Iso(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
