using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// The peer: Node-RED with the flow that its users build for this, mqtt in → function (people per line and minute) →
/// http request to InfluxDB's <c>/write</c>. Its settings are its own defaults, but for ports and the editor, which is off.
/// </summary>
internal static class NodeRed
{
    /// <summary>The newest that runs on Node 20.</summary>
    private const string Version = "4.1.15";

    /// <summary>As our gateway does: a minute is written five seconds after its end.</summary>
    private const string Aggregate = """
        const minutes = context.get('minutes') || {};
        if (msg.topic.endsWith('/reading')) {
            const r = msg.payload, start = Math.floor(r.ts / 60000) * 60;
            const lines = minutes[start] || (minutes[start] = {});
            const device = msg.topic.split('/')[4];
            const sum = lines[device] || (lines[device] = { entries: 0, exits: 0, received: 0 });
            sum.entries += r.entries;
            sum.exits += r.exits;
            sum.received++;
            context.set('minutes', minutes);
            return null;
        }
        const due = Object.keys(minutes).filter(start => (+start + 65) * 1000 <= Date.now());
        if (due.length === 0) return null;
        const body = [];
        for (const start of due) {
            for (const [device, s] of Object.entries(minutes[start]))
                body.push(`footfall_1m,line=ln-${device} entries=${s.entries}i,exits=${s.exits}i,received=${s.received}i ${start}`);
            delete minutes[start];
        }
        context.set('minutes', minutes);
        return { payload: body.join('\n') };
        """;

    /// <summary>The folder of an installed Node-RED: the given one, or one that npm installs into the folder for temporary files.</summary>
    /// <exception cref="InvalidOperationException">npm could not install it; the text says why.</exception>
    public static string Find(string? given)
    {
        var folder = given ?? Path.Combine(Path.GetTempPath(), "smartdistrict-node-red-" + Version);
        if (File.Exists(Program(folder)))
            return folder;
        if (given is not null)
            throw new InvalidOperationException($"{given} holds no node_modules/node-red: npm install --prefix {given} node-red@{Version}");
        Console.WriteLine($"installing node-red {Version} into {folder} …");
        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, "node-red@" + Version]))!;
        npm.WaitForExit();
        return File.Exists(Program(folder)) ? folder : throw new InvalidOperationException($"npm could not install node-red {Version} (exit code {npm.ExitCode}): install Node 20 and npm, or give --node-red DIR");
    }

    /// <summary>Starts it; returns when it has connected to the broker.</summary>
    /// <param name="installed">What <see cref="Find"/> gave.</param>
    /// <param name="folder">Where it may write.</param>
    public static async Task<DemoPart> StartAsync(string installed, string folder, MosquittoBroker broker, Uri influx, string database)
    {
        var user = Directory.CreateDirectory(Path.Combine(folder, "node-red-user")).FullName;
        File.WriteAllText(Path.Combine(user, "settings.js"), string.Create(CultureInfo.InvariantCulture, $$"""
            module.exports = {
                uiHost: '127.0.0.1', uiPort: {{MosquittoBroker.FreePort()}}, flowFile: 'flows.json', httpAdminRoot: false, httpNodeRoot: false,
                telemetry: { enabled: false, updateNotification: false }, logging: { console: { level: 'info' } },
            };
            """));
        File.WriteAllText(Path.Combine(user, "flows.json"), Flow(broker.Port, new Uri(influx, $"write?db={database}&precision=s")).ToJsonString());
        var part = DemoPart.Start("node-red", folder, ["node", Program(installed), "--userDir", user]);
        await part.WaitForAsync("its connection to the broker", () =>
        {
            using var log = new StreamReader(new FileStream(Path.Combine(folder, "node-red.out"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
            return Task.FromResult(log.ReadToEnd().Contains("Connected to broker", StringComparison.Ordinal) ? "connected" : null);
        }, CancellationToken.None);
        return part;
    }

    private static string Program(string folder) => Path.Combine(folder, "node_modules", "node-red", "red.js");

    private static JsonArray Flow(int broker, Uri write) =>
    [
        new JsonObject { ["id"] = "flow", ["type"] = "tab", ["label"] = "footfall" },
        new JsonObject
        {
            ["id"] = "broker", ["type"] = "mqtt-broker", ["broker"] = "127.0.0.1", ["port"] = broker.ToString(CultureInfo.InvariantCulture),
            ["clientid"] = "node-red", ["autoConnect"] = true, ["usetls"] = false, ["protocolVersion"] = "4", ["keepalive"] = "60", ["cleansession"] = true,
        },
        new JsonObject
        {
            ["id"] = "in", ["type"] = "mqtt in", ["z"] = "flow", ["topic"] = "sd/v1/+/+/+/reading", ["qos"] = "1", ["datatype"] = "json",
            ["broker"] = "broker", ["inputs"] = 0, ["wires"] = Wire("sum"),
        },
        new JsonObject
        {
            ["id"] = "tick", ["type"] = "inject", ["z"] = "flow", ["props"] = new JsonArray(new JsonObject { ["p"] = "topic", ["vt"] = "str" }),
            ["topic"] = "second", ["repeat"] = "1", ["once"] = true, ["onceDelay"] = "1", ["wires"] = Wire("sum"),
        },
        new JsonObject { ["id"] = "sum", ["type"] = "function", ["z"] = "flow", ["func"] = Aggregate, ["outputs"] = 1, ["wires"] = Wire("write") },
        new JsonObject
        {
            ["id"] = "write", ["type"] = "http request", ["z"] = "flow", ["method"] = "POST", ["ret"] = "txt", ["url"] = write.ToString(),
            ["paytoqs"] = "ignore", ["persist"] = true, ["wires"] = new JsonArray(new JsonArray()),
        },
    ];

    private static JsonArray Wire(string to) => new(new JsonArray(to));
}
