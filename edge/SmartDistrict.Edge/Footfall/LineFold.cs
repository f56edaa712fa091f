using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>The windows of one counting line.</summary>
internal sealed class LineFold
{
    private readonly WindowBook windows;
    private readonly Dictionary<(Resolution, long), WindowCell> cells = [];
    private readonly KeyedReadings keyed;
    private readonly CounterHistory[] counters = [];
    private readonly WindowCell?[] recent = new WindowCell?[Resolutions.All.Length];
    private long entered;
    private long left;

    public LineFold(WindowBook windows, FoldState state, DeviceFold device, string id)
    {
        this.windows = windows;
        Device = device;
        Id = id;
        Key = state.LineKey(id);
        keyed = new KeyedReadings(Key, state);
        if (device.Device.Counter is { } rule)
            counters = [.. Enum.GetValues<CountedSides>().Select(sides => new CounterHistory(this, sides, rule, state))];
    }

    public string Id { get; }

    /// <summary>The line's number in the state file, stable over configurations.</summary>
    public int Key { get; }

    public DeviceFold Device { get; }

    /// <summary>People booked in the "in" direction since the process started, in any window; any thread may read it.</summary>
    public long Entered => Volatile.Read(ref entered);

    /// <summary>As <see cref="Entered"/>, in the "out" direction.</summary>
    public long Left => Volatile.Read(ref left);

    /// <summary>Enters totals of a device that counts on.</summary>
    /// <returns>False where they were known.</returns>
    public bool Add(in CounterSample sample) => counters[(int)sample.Sides].Add(sample);

    /// <summary>Enters what a device counted in an interval, or says that it saw nobody.</summary>
    /// <param name="known">The device's sequence has already told that this is new.</param>
    /// <returns>False where it was known.</returns>
    public bool Add(in IntervalSample interval, bool known)
    {
        if (!known && counters.Length > 0 && (interval.Entries > 0 || interval.Exits > 0))
            return counters[(int)CountedSides.Both].Add(interval);
        // each receipt is a time of its own: it tells no repetition
        if (!known && !Device.Device.Profile.Time.IsReceived && !keyed.Add(interval))
            return false;
        Place(interval.Since, interval.At, interval.Entries, interval.Exits);
        return true;
    }

    /// <summary>The clock was set back to an instant: where totals are timed by it, later ones come after all that are known.</summary>
    public void StepBack(long at)
    {
        if (Device.Device.Profile.Time.IsReceived)
            foreach (var counter in counters)
                counter.StepBack(at);
    }

    /// <summary>Stores what is new beside the windows, as part of a checkpoint.</summary>
    public void Save()
    {
        foreach (var counter in counters)
            counter.Save();
        keyed.Save();
    }

    /// <summary>The checkpoint has been committed.</summary>
    public void Saved()
    {
        foreach (var counter in counters)
            counter.Saved();
        keyed.Saved();
    }

    /// <summary>Books people whose crossing lies in [since, at), or at the instant where both are equal (ms since the epoch).</summary>
    public void Place(long since, long at, long entries, long exits)
    {
        if (entries == 0 && exits == 0)
            return;
        Volatile.Write(ref entered, entered + entries);
        Volatile.Write(ref left, left + exits);
        foreach (var resolution in Resolutions.All)
        {
            var (cell, placed) = Span(resolution, since, at);
            if (placed)
            {
                cell.Entries += entries;
                cell.Exits += exits;
            }
            else
            {
                cell.UnplacedEntries += entries;
                cell.UnplacedExits += exits;
            }
            windows.Touch(cell);
        }
    }

    /// <summary>Books that a reading observed [since, at): it counts as received where it lies within one window.</summary>
    public void Receive(long since, long at, long ambiguous, bool repaired)
    {
        foreach (var resolution in Resolutions.All)
        {
            var (cell, placed) = Span(resolution, since, at);
            if (placed)
                cell.Received++;
            else
                cell.Spanning++;
            cell.Ambiguous += ambiguous;
            cell.Repaired |= repaired;
            windows.Touch(cell);
        }
    }

    /// <summary>Books readings that a gap in the sequence shows (or, negative, shows no longer) to be missing.</summary>
    public void Miss(long at, long readings)
    {
        foreach (var resolution in Resolutions.All)
        {
            var cell = Cell(resolution, resolution.WindowStart(at));
            cell.Missing = Math.Max(0, cell.Missing + readings);
            windows.Touch(cell);
        }
    }

    public void MarkIncomplete(long at)
    {
        foreach (var resolution in Resolutions.All)
        {
            var cell = Cell(resolution, resolution.WindowStart(at));
            cell.Incomplete = true;
            windows.Touch(cell);
        }
    }

    /// <summary>Brings a window back that was open at the last checkpoint.</summary>
    public void Restore(Resolution resolution, long start) => Cell(resolution, start);

    /// <summary>Lets go of a stored, closed window; a late reading brings it back.</summary>
    public void Forget(WindowCell cell)
    {
        cells.Remove((cell.Resolution, cell.Start));
        if (recent[(int)cell.Resolution] == cell)
            recent[(int)cell.Resolution] = null;
    }

    private (WindowCell Cell, bool Placed) Span(Resolution resolution, long since, long at)
    {
        var last = resolution.WindowStart(since == at ? at : at - 1);
        return (Cell(resolution, last), since == at || resolution.WindowStart(since) == last);
    }

    private WindowCell Cell(Resolution resolution, long start)
    {
        var known = recent[(int)resolution];
        if (known?.Start == start)
            return known;
        if (!cells.TryGetValue((resolution, start), out var cell))
        {
            cell = windows.Restore(this, resolution, start);
            cells.Add((resolution, start), cell);
        }
        recent[(int)resolution] = cell;
        return cell;
    }
}
