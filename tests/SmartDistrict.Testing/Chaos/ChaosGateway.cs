using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Testing.Chaos;

/// <summary>One gateway, which is killed and started again on the same data; its devices, its broker, and the witness on the cable between the two.</summary>
internal sealed class ChaosGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string settings;
    private bool diskIsFull;
    private int fullInLife = -1;

    /// <param name="id">Gateway id.</param>
    /// <param name="body">What it runs in.</param>
    /// <param name="mosquitto">Beside it, for its devices alone.</param>
    /// <param name="store">The port at which it reaches the store.</param>
    /// <param name="folder">Gets its settings.</param>
    /// <param name="sections">All settings but those of its broker and the address of the store.</param>
    /// <param name="ledger">What its devices say.</param>
    public ChaosGateway(string id, IGatewayBody body, MosquittoBroker mosquitto, int store, string folder, JsonObject sections, ReadingLedger ledger)
    {
        (Id, Body, Mosquitto, Ledger) = (id, body, mosquitto, ledger);
        Witness = new(ledger);
        Cable = new(mosquitto.Port) { Tap = Witness.Listen };
        Devices = new(new MqttSessionOptions { Host = "127.0.0.1", Port = mosquitto.Port, ClientId = "devices", BackoffMaximum = TimeSpan.FromMilliseconds(500) }, TimeProvider.System);
        sections["Gateway"]![nameof(Id)] = id;
        sections["Broker"] = new JsonObject { ["Host"] = body.Host, ["Port"] = Cable.Port };
        sections["Sync"]!["Url"] = $"http://{body.Host}:{store}/";
        settings = Path.Combine(folder, id + ".json");
        File.WriteAllText(settings, sections.ToJsonString());
    }

    public string Id { get; }

    public IGatewayBody Body { get; }

    public MosquittoBroker Mosquitto { get; }

    /// <summary>The devices' session with the broker.</summary>
    public MqttSession Devices { get; }

    public ReadingLedger Ledger { get; }

    public PubackWitness Witness { get; }

    /// <summary>Between the gateway and the broker.</summary>
    public TcpRelay Cable { get; }

    /// <summary>Whether its disk is full now.</summary>
    public bool DiskIsFull
    {
        get => diskIsFull;
        set
        {
            diskIsFull = value;
            fullInLife = Witness.Life;
        }
    }

    /// <summary>Whether its disk was full at any time of this life: then it may end by itself.</summary>
    public bool DiskWasFull => fullInLife == Witness.Life;

    /// <summary>Journal records that were destroyed before the gateway had folded them, and the readings that they held: each must be declared lost.</summary>
    public List<NumberedReading?> Destroyed { get; } = [];

    public string Journal => Path.Combine(Body.Data, "journal");

    private string LastWord => Path.Combine(Body.Data, "last-status.json");

    /// <param name="overrides">Settings that differ this time, as <c>--Section:Setting=value</c>.</param>
    public void Start(params ReadOnlySpan<string> overrides)
    {
        Witness.Begin();
        if (diskIsFull)
            fullInLife = Witness.Life;
        Body.Start(settings, overrides);
    }

    /// <summary>Asks it to end.</summary>
    /// <returns>What it says of itself at its end; null where it did not end in order.</returns>
    public async Task<JsonElement?> StopAsync()
    {
        if (File.Exists(LastWord))
            File.Delete(LastWord);
        if (!await Body.StopAsync(Patience) || !File.Exists(LastWord))
            return null;
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(LastWord));
        return document.RootElement.Clone();
    }

    /// <summary>While it does not run: the number of the journal record up to which its state holds everything.</summary>
    public long Folded()
    {
        if (!File.Exists(Path.Combine(Body.Data, "state.db")))
            return 0;
        using var state = SqliteStore.OpenToRead(Path.Combine(Body.Data, "state.db"));
        using var position = new Statement(state, "SELECT value FROM fold WHERE key = 'position'");
        return position.Step() ? position.Number(0) : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        await Devices.DisposeAsync();
        await Cable.DisposeAsync();
        await Mosquitto.DisposeAsync();
    }
}
