using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SmartDistrict.Testing.Chaos;

/// <summary>A district with several gateways, a real broker beside each, and a real store that all share.</summary>
internal sealed class ChaosSite : IAsyncDisposable
{
    public const string District = "chaos";

    /// <summary>Beyond what the store may still do with a request that was given up when it was frozen.</summary>
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Small, so that there are many of them, and that many fit on a small disk.</summary>
    private const int SegmentBytes = 256 << 10;

    private ChaosSite(ChaosOptions options, string folder, IReadOnlyList<MosquittoBroker> brokers, InfluxServer store, DateTimeOffset now)
    {
        Store = store;
        StoreCable = new(store.Port);
        Disk = options.Gateways > 0 ? SmallDisk.TryMount(folder) : null;
        var begin = now.AddDays(-5).ToUnixTimeMilliseconds();
        var ledgers = Enumerable.Range(1, options.Gateways + options.Machines).Select(number => string.Create(CultureInfo.InvariantCulture, $"gw-{number}"))
            .ToDictionary(id => id, id => new ReadingLedger(District, id, options.Devices, begin));
        var file = Path.Combine(folder, "district.yaml");
        File.WriteAllText(file, DistrictFile(ledgers));
        Gateways = [.. ledgers.Select((one, index) => new ChaosGateway(one.Key, Body(index, one.Key), brokers[index], StoreCable.Port, folder, Sections(file), one.Value))];

        IGatewayBody Body(int index, string id) => index < options.Gateways
            ? new ProcessBody(id, folder, options.Gateway, Path.Combine(index == 0 && Disk is not null ? Disk.Path : folder, id))
            : new MachineBody(id, folder, options.Gateway);
    }

    public InfluxServer Store { get; }

    /// <summary>Between the gateways and the store.</summary>
    public TcpRelay StoreCable { get; }

    public IReadOnlyList<ChaosGateway> Gateways { get; }

    /// <summary>What the first gateway's data lie on; null where no small file system could be had.</summary>
    public SmallDisk? Disk { get; }

    public static async Task<ChaosSite> StartAsync(ChaosOptions options, string folder, TimeProvider clock)
    {
        if (options.Machines > 0)
            await MachineBody.PrepareAsync();
        var store = await InfluxServer.StartNewAsync();
        var brokers = new List<MosquittoBroker>();
        while (brokers.Count < options.Gateways + options.Machines)
            brokers.Add(await MosquittoBroker.StartNewAsync(new() { Persistence = true, Lines = MosquittoOptions.ShippedLines }));
        return new(options, folder, brokers, store, clock.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in Gateways)
            await gateway.DisposeAsync();
        await StoreCable.DisposeAsync();
        await Store.DisposeAsync();
        Disk?.Dispose();
    }

    private JsonObject Sections(string district) => new()
    {
        ["Gateway"] = new JsonObject { ["District"] = district, ["Profiles"] = RepositoryFiles.Path("firmware-config", "profiles") },
        ["Journal"] = new JsonObject { ["SegmentBytes"] = SegmentBytes, ["KeepBytes"] = 16 << 20 },
        ["Sync"] = new JsonObject
        {
            ["Api"] = "v1", ["Database"] = Store.Database,
            ["RequestTimeout"] = "00:00:03", ["ServerTimeout"] = ServerTimeout.ToString("c", CultureInfo.InvariantCulture),
            ["FirstPause"] = "00:00:00.100", ["MaxPause"] = "00:00:01", ["DrainTimeout"] = "00:00:01",
        },
    };

    private static string DistrictFile(Dictionary<string, ReadingLedger> ledgers)
    {
        var text = new StringBuilder($"""
            district: {District}
            name: {Name}
            time_zone: UTC
            occupancy_reset: "04:00"
            coordinates: local-metres
            zones:
              - {Flow("id: zone", "name: " + Name, "kind: hall", "level: 0", "polygon: [[0, 0], [9, 0], [9, 9]]")}
            gateways:

            """);
        foreach (var gateway in ledgers.Keys)
            text.AppendLine(CultureInfo.InvariantCulture, $"  - {Flow("id: " + gateway, "name: " + Name)}");
        text.AppendLine("lines:");
        foreach (var device in ledgers.Values.SelectMany(ledger => ledger.Devices))
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  - {Flow("id: " + ReadingLedger.Line(device), "name: " + Name, "at: [[0, 0], [9, 0]]", "joins: [" + Flow("since: \"2026-01-01T00:00:00Z\"", "from: outside", "to: zone") + "]")}");
        text.AppendLine("devices:");
        foreach (var (gateway, ledger) in ledgers)
            foreach (var device in ledger.Devices)
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"  - {Flow("id: " + device, "gateway: " + gateway, "profile: native", "line: " + ReadingLedger.Line(device))}");
        return text.ToString();
    }

    private static string Name => Flow("zh: 乱", "en: Chaos");

    private static string Flow(params ReadOnlySpan<string> pairs) => "{" + string.Join(", ", pairs) + "}";
}
