using System.Text;
using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Ledger;

/// <summary>
/// Of each device and quarter of an hour: how many readings should have come, came, went into the outbox, and reached the
/// store. What came is the fold's knowledge and as pure as it; what the store has is seen from the outbox, because a row
/// leaves it only when the store took it, refused it, or it was given up. Part of each checkpoint's transaction.
/// </summary>
/// <remarks>
/// A reading belongs to the quarter in which it ends. A refused message has no time of its own: it belongs to the quarter
/// of its receipt. Written once when the quarter is over, also for a device that was silent, and again whenever a number changes.
/// </remarks>
internal sealed class CompletenessLedger
{
    private const string QuarterKey = "ledger_quarter";
    private const string WritesKey = "ledger_writes";
    private const long LookEvery = 10_000;
    private const int LookAtMost = 2_000;

    /// <summary>After a longer silence of the gateway only so many of the newest quarters are written of each device: a week.</summary>
    private const int MostSilentQuarters = 7 * 96;

    private readonly FoldState state;
    private readonly LedgerTables tables;
    private readonly FoldPoints points;
    private readonly IReadOnlyList<DeviceFold> devices;
    private readonly FoldOptions options;
    private readonly Dictionary<int, (LineFold Line, int Device, byte[] Series)> lines = [];
    private readonly ILookup<int, LineFold> linesOf;
    private readonly HashSet<(long Start, int Device)> changed = [];
    private readonly Dictionary<(long Start, int Device), long> refused = [];
    private (long Start, int Line) below = (long.MaxValue, int.MaxValue);
    private long quarter;
    private long writes;
    private long lookedAt;

    public CompletenessLedger(FoldState state, FoldPoints points, IReadOnlyList<DeviceFold> devices, IEnumerable<LineFold> lines, FoldOptions options)
    {
        (this.state, tables, this.points, this.devices, this.options) = (state, state.Ledger, points, devices, options);
        foreach (var line in lines)
            this.lines.Add(line.Key, (line, line.Device.Device.Index, Encoding.UTF8.GetBytes(points.QuarterSeries(line.Id))));
        linesOf = this.lines.Values.ToLookup(line => line.Device, line => line.Line);
        quarter = state.Value(QuarterKey) ?? 0;
        writes = state.Value(WritesKey) ?? 0;
    }

    /// <summary>The first quarter of which there is something to say is that of the very first record.</summary>
    /// <param name="now">Its receive time, ms since the Unix epoch.</param>
    public void Begin(long now)
    {
        if (quarter == 0)
            quarter = Resolution.QuarterHour.WindowStart(now);
    }

    /// <summary>A message, or a reading of it, of a known device went to the dead letters.</summary>
    /// <param name="now">Receive time, ms since the Unix epoch.</param>
    public void Refuse(int device, long now)
    {
        var key = (Resolution.QuarterHour.WindowStart(now), device);
        refused[key] = refused.GetValueOrDefault(key) + 1;
    }

    /// <summary>A quarter's window was put into the outbox.</summary>
    public void Forward(WindowCell cell)
    {
        var (line, device, series) = lines[cell.Line.Key];
        tables.Forward(cell.Start, line.Key, series, cell.Expected, cell.Received + cell.Spanning);
        changed.Add((cell.Start, device));
    }

    /// <summary>Sees what has reached the store, and puts what changed into the outbox.</summary>
    /// <param name="now">Receive time, ms since the Unix epoch.</param>
    public void Save(SqliteTransaction transaction, long now)
    {
        foreach (var ((start, device), count) in refused)
        {
            tables.Refuse(start, devices[device].Device.Id, count);
            if (start < quarter)
                changed.Add((start, device));
        }
        EndQuarters(now);
        if (Math.Abs(now - lookedAt) >= LookEvery)
        {
            lookedAt = now;
            Look();
        }
        foreach (var (start, device) in changed.Order())
            points.Put(transaction, devices[device].Device.Id, start, Entry(start, device), tables.Refused(start, devices[device].Device.Id), ++writes);
        state.SetValue(QuarterKey, quarter);
        state.SetValue(WritesKey, writes);
    }

    /// <summary>The checkpoint has been committed.</summary>
    public void Saved()
    {
        changed.Clear();
        refused.Clear();
    }

    public void Prune(long before) => tables.Prune(before);

    /// <summary>Of each quarter that is over each device has an entry, also one that was silent: no reading is not nothing to say.</summary>
    private void EndQuarters(long now)
    {
        var open = Resolution.QuarterHour.WindowStart(now - (options.GraceSeconds * 1000L));
        for (var start = Math.Max(quarter, open - (MostSilentQuarters * 900L)); start < open; start += 900)
            for (var device = 0; device < devices.Count; device++)
                changed.Add((start, device));
        quarter = Math.Max(quarter, open);
    }

    private void Look()
    {
        var rows = tables.Unsettled(below.Start, below.Line, LookAtMost);
        foreach (var (start, key) in rows)
            if (lines.TryGetValue(key, out var line) && tables.TrySettle(start, key, line.Series))
                changed.Add((start, line.Device));
        below = rows.Count == LookAtMost ? rows[^1] : (long.MaxValue, int.MaxValue);
    }

    private LedgerEntry Entry(long start, int device)
    {
        var sum = new LedgerEntry();
        foreach (var line in linesOf[device])
            sum = sum.Plus(tables.Entry(start, line.Key) ?? new(line.Device.ExpectedReadings(Resolution.QuarterHour, 0, 0) is > 0 and var due ? due : null, 0, 0, 0, 0, 0));
        return sum;
    }
}
