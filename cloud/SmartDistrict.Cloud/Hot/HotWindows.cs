using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Hot;

/// <summary>The hot windows, while nobody changes them.</summary>
internal readonly record struct HotTables(WindowTable Minutes, WindowTable Quarters, WindowTable Hours);

/// <summary>
/// The newest windows of every line, from wherever they come first: the live path, the write endpoint or the store. Of
/// one window the highest revision wins, so the order of arrival does not matter. Thread-safe.
/// </summary>
/// <remarks>
/// Holds half an hour of minutes, and of quarter hours and hours as many days as the given memory has room for. What it
/// holds since <see cref="CoveredFrom"/> is what the store holds, or newer: whoever asks about that time need not ask the
/// store. Quarter hours and hours that no gateway has closed yet are the sum of their parts (<see cref="RollUp"/>), as in
/// what is read from the store; they go when their time is over, so that what stays is what gateways said.
/// </remarks>
internal sealed class HotWindows
{
    /// <summary>Memory of a window, bytes.</summary>
    public const int WindowBytes = 104;

    /// <summary>Enough for the live map: occupancy counts from the last reset, at most 25 hours ago.</summary>
    private const int FewestDays = 2;

    private const int MostDays = 32;

    /// <summary>The open quarter hour, the one before, a clock that is ahead, and the minute in which that is read again.</summary>
    private const int Minutes = 40;

    private const int MinutesKept = 31 * 60;
    private const int QuartersOfDay = 96;
    private const int HoursOfDay = 24;
    private const int QuarterSeconds = 900;
    private const int AheadSeconds = 300;

    /// <summary>What is read before all else: the last 24 hours and the hour that they begin in.</summary>
    public const int NewestSeconds = 25 * 3600;

    private readonly Topology topology;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly WindowRing[] rings;
    private readonly long[] changeOf;
    private readonly long[] coveredFrom = [long.MaxValue, long.MaxValue, long.MaxValue];
    private readonly long[] openOf = [long.MaxValue, long.MaxValue, long.MaxValue];
    private long changes;
    private (long Change, long Open) rolledUp;
    private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="megabytes">Memory that the windows may take, 10⁶ bytes.</param>
    public HotWindows(Topology topology, TimeProvider clock, int megabytes)
    {
        (this.topology, this.clock) = (topology, clock);
        Days = (int)Math.Clamp(megabytes * 1_000_000L / BytesOfDay(topology), FewestDays, MostDays);
        rings =
        [
            new(topology, Resolution.Minute, Minutes),
            new(topology, Resolution.QuarterHour, Days * QuartersOfDay),
            new(topology, Resolution.Hour, Days * HoursOfDay),
        ];
        changeOf = new long[Days * QuartersOfDay];
    }

    /// <summary>Days that there is room for.</summary>
    public int Days { get; }

    /// <summary>Memory of a day of all lines, bytes.</summary>
    public static long BytesOfDay(Topology topology) => Math.Max(1, topology.LineCount) * (QuartersOfDay + HoursOfDay) * (long)WindowBytes;

    /// <summary>The first instant that there is room for, on a whole hour, s since the Unix epoch.</summary>
    public long Earliest => Span.Down(Now(), 3600) + 7200 - (Days * 86_400L);

    /// <summary>The memory that the windows take at most, bytes.</summary>
    public long MostBytes => (Days * BytesOfDay(topology)) + (Minutes * (long)topology.LineCount * WindowBytes);

    /// <summary>Whether the newest day is being read from the store: who needs it had better wait for that.</summary>
    public bool Begins
    {
        get;
        set
        {
            field = value;
            Grow();
        }
    }

    /// <summary>The instant since which all windows of a resolution are held; <see cref="long.MaxValue"/> before the store was read.</summary>
    public long CoveredFrom(Resolution resolution)
    {
        lock (gate)
            return Math.Max(coveredFrom[(int)resolution], resolution == Resolution.Minute ? Now() - MinutesKept : Earliest);
    }

    /// <summary>Says that everything since an instant is held now.</summary>
    public void Cover(Resolution resolution, long from)
    {
        lock (gate)
            coveredFrom[(int)resolution] = Math.Min(coveredFrom[(int)resolution], from);
        Grow();
    }

    /// <summary>Whether everything since an instant is held; waits for what is just being read.</summary>
    public async Task<bool> CoversAsync(Resolution resolution, long from, CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            lock (gate)
                more = grown.Task;
            if (CoveredFrom(resolution) <= from)
                return true;
            if (!Begins || from < Now() - NewestSeconds)
                return false;
            await more.WaitAsync(cancellation);
        }
    }

    /// <summary>Puts windows in. One that starts well ahead of our clock is left out: it would push the true ones aside.</summary>
    /// <param name="changedLines">Receives the index of each line of which something changed.</param>
    public void Put(IEnumerable<LineWindow> windows, HashSet<int> changedLines)
    {
        var latest = Now() + AheadSeconds;
        lock (gate)
            foreach (var window in windows)
                if (window.Start <= latest && rings[(int)window.Resolution].Put(window))
                {
                    changedLines.Add(topology.LineIndex(window.Line));
                    Note(window.Start, window.Resolution.Seconds());
                }
    }

    /// <summary>A number that is another one after any window of [<paramref name="from"/>, <paramref name="to"/>) has changed.</summary>
    public long ChangeOf(long from, long to)
    {
        var newest = 0L;
        lock (gate)
            for (var start = Span.Down(from, QuarterSeconds); start < to; start += QuarterSeconds)
                newest = Math.Max(newest, changeOf[Index(start)]);
        return newest;
    }

    /// <summary>Lays the hot windows over a grid.</summary>
    public void CopyTo(WindowGrid grid)
    {
        var ring = rings[(int)grid.Resolution];
        var newest = Span.Down(Now() + AheadSeconds, grid.Seconds);
        var from = Math.Max(grid.From, newest - ((ring.Capacity - 1L) * grid.Seconds));
        lock (gate)
        {
            RollUpOpen();
            foreach (var line in grid.Lines)
                for (var start = from; start < grid.To && start <= newest; start += grid.Seconds)
                    if (ring.TryGetAny(line, start, out var window))
                        grid.Put(window);
        }
    }

    /// <summary>Works on the windows while nobody changes them.</summary>
    public T Read<T>(Func<HotTables, T> read)
    {
        lock (gate)
        {
            RollUpOpen();
            return read(new(rings[(int)Resolution.Minute], rings[(int)Resolution.QuarterHour], rings[(int)Resolution.Hour]));
        }
    }

    private void RollUpOpen()
    {
        var now = Now();
        if (rolledUp == (changes, Span.Down(now, QuarterSeconds)))
            return;
        foreach (var (parts, whole) in ((Resolution, Resolution)[])[(Resolution.Minute, Resolution.QuarterHour), (Resolution.QuarterHour, Resolution.Hour)])
        {
            var (table, seconds) = (rings[(int)whole], whole.Seconds());
            var open = Span.Down(now, seconds);
            ref var before = ref openOf[(int)whole];
            for (var start = Math.Max(before - seconds, Earliest); start < open - seconds; start += seconds)
                if (RollUp.Withdraw(table, start))
                    Note(start, seconds);
            before = open;
            RollUp.Fill(table, rings[(int)parts], open - seconds);
            RollUp.Fill(table, rings[(int)parts], open);
        }
        rolledUp = (changes, Span.Down(now, QuarterSeconds));
    }

    private void Grow()
    {
        lock (gate)
        {
            grown.TrySetResult();
            grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Note(long start, int seconds)
    {
        changes++;
        for (var quarter = Span.Down(start, QuarterSeconds); quarter < start + seconds; quarter += QuarterSeconds)
            changeOf[Index(quarter)] = changes;
    }

    private int Index(long start) => (int)(start / QuarterSeconds % changeOf.Length);

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();
}
