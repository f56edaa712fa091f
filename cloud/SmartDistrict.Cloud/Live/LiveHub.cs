using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Live;

/// <summary>
/// Tells every viewer what changed, about four times a second at most: an event is made and serialised once, whatever the
/// number of viewers, and each viewer has a short queue of its own. One that cannot keep up loses its queue and gets a
/// fresh snapshot instead; it holds up nobody.
/// </summary>
internal sealed partial class LiveHub(Topology topology, LiveFeed feed, LiveZones zones, TimeProvider clock, ILogger<LiveHub> log) : BackgroundService
{
    /// <summary>
    /// One event per tick, on average. A little shorter than the 250 ms of the gateways: with a pause as long as theirs,
    /// every event would wait for a pause that drifts against theirs.
    /// </summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(225);

    /// <summary>After a quiet time two events may go out close together.</summary>
    private const double MostCredit = 2;

    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(40);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);
    private static readonly ReadOnlyMemory<byte> Heartbeat = ": \n\n"u8.ToArray();

    private readonly Lock gate = new();
    private readonly List<LiveViewer> viewers = [];
    private readonly LiveZone?[] shown = new LiveZone?[topology.ZoneCount];
    private readonly Dictionary<string, Lazy<ReadOnlyMemory<byte>>> told = [];
    private ReadOnlyMemory<byte>? snapshot;

    /// <summary>Adds a viewer. Its first frame is a snapshot, and no change after that is missing.</summary>
    public LiveViewer Join()
    {
        lock (gate)
        {
            var viewer = new LiveViewer();
            Begin(viewer);
            viewers.Add(viewer);
            return viewer;
        }
    }

    public void Leave(LiveViewer viewer)
    {
        lock (gate)
            viewers.Remove(viewer);
    }

    /// <summary>Begins anew with a viewer that could not keep up.</summary>
    public void CatchUp(LiveViewer viewer)
    {
        lock (gate)
            Begin(viewer);
    }

    /// <summary>The zones as viewers see them now, by index; null for one that nobody has looked at yet.</summary>
    public LiveZone?[] Shown()
    {
        lock (gate)
            return [.. shown];
    }

    /// <inheritdoc cref="Tell{T}(string, T, T)"/>
    public void Tell<T>(string name, T data) => Tell(name, data, data);

    /// <summary>Tells every viewer something of another subject: an event of its own name.</summary>
    /// <param name="whole">All there is to know of it: the newest of each name follows the snapshot, so whoever joins knows it too.</param>
    /// <param name="changed">As <paramref name="whole"/>, of what is new to those who know the one before.</param>
    public void Tell<T>(string name, T whole, T changed)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        lock (gate)
        {
            told[name] = new(() => Frame(utf8, whole));
            if (viewers.Count > 0)
                Send(Frame(utf8, changed));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var look = clock.CreateTimer(_ => feed.TimePassed(), null, TimeSpan.Zero, LookAgain);
        await using var heartbeat = clock.CreateTimer(_ => Send(Heartbeat), null, HeartbeatEvery, HeartbeatEvery);
        var credit = MostCredit;
        var paidAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            await feed.ChangedAsync(stoppingToken);
            credit = Math.Min(MostCredit, credit + (clock.GetElapsedTime(paidAt) / Tick)) - 1;
            paidAt = clock.GetTimestamp();
            try
            {
                Publish(feed.TakeChanges());
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e);
            }
            await Task.Delay(credit >= 1 ? LeastPause : Tick * (1 - Math.Max(0, credit)), clock, stoppingToken);
        }
    }

    private void Begin(LiveViewer viewer)
    {
        viewer.Begin(Snapshot());
        foreach (var frame in told.Values)
            viewer.Offer(frame.Value);
    }

    private void Publish(LiveChanges changes)
    {
        var now = zones.Of(changes.Zones);
        lock (gate)
        {
            var changed = new List<LiveZone>();
            for (var i = 0; i < now.Length; i++)
            {
                ref var before = ref shown[changes.Zones[i]];
                if (before is not null && before with { LagMs = now[i].LagMs } == now[i])
                    continue;
                before = now[i];
                changed.Add(now[i]);
            }
            if (changed.Count + changes.Devices.Count == 0)
                return;
            snapshot = null;
            if (viewers.Count > 0)
                Send(Frame("zones"u8, new LiveEvent(clock.GetUtcNow().ToUnixTimeMilliseconds(), changed, changes.Devices)));
        }
    }

    private void Send(ReadOnlyMemory<byte> frame)
    {
        lock (gate)
            foreach (var viewer in viewers)
                viewer.Offer(frame);
    }

    private ReadOnlyMemory<byte> Snapshot()
    {
        for (var zone = 0; zone < shown.Length; zone++)
            shown[zone] ??= zones.Of([zone])[0];
        return snapshot ??= Frame("snapshot"u8, new LiveEvent(
            clock.GetUtcNow().ToUnixTimeMilliseconds(), shown!,
            [.. feed.Sightings().Select(sighting => new LiveDevice(sighting.Key, sighting.Value))]));
    }

    [LoggerMessage(LogLevel.Error, "The live map missed a change")]
    private partial void LogFailed(Exception exception);

    private static ReadOnlyMemory<byte> Frame<T>(ReadOnlySpan<byte> name, T data) =>
        (byte[])[.. "event: "u8, .. name, .. "\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(data, JsonSerializerOptions.Web), .. "\n\n"u8];
}

/// <summary>One open event stream.</summary>
internal sealed class LiveViewer
{
    /// <summary>Two seconds of events.</summary>
    private const int Waiting = 8;

    private readonly Channel<ReadOnlyMemory<byte>> frames =
        Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(Waiting) { SingleReader = true });

    /// <summary>Frames to send, in order.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Frames => frames.Reader;

    /// <summary>Frames were lost: what is still queued is not worth sending, a snapshot is.</summary>
    public bool IsBehind { get; private set; }

    public void Begin(ReadOnlyMemory<byte> snapshot)
    {
        while (frames.Reader.TryRead(out _))
        {
        }
        IsBehind = false;
        frames.Writer.TryWrite(snapshot);
    }

    public void Offer(ReadOnlyMemory<byte> frame)
    {
        if (!IsBehind && !frames.Writer.TryWrite(frame))
            IsBehind = true;
    }
}
