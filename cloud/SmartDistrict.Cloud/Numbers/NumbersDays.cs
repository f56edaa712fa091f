using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>
/// What areas counted, business day by business day. A day that is over is derived once and kept: while it is hot in
/// memory, until one of its windows changes there; after that in the <see cref="DayFile"/>, until its windows in the store
/// have another digest. Either way until its <see cref="DayConditions"/> are other ones. Thread-safe.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is not used holds nothing.")]
internal sealed class NumbersDays(
    FootfallReader footfall, IFootfallStore store, HotWindows hot, DayFile file, Topology topology, Areas areas, LineFactors calibration, Periods periods, BusinessDay day,
    TimeProvider clock)
{
    /// <summary>Until then a provisional window may go stale, and the last hour may be made of its minutes.</summary>
    private const int SettlingSeconds = 2 * 3600;

    /// <summary>Windows in memory at once: some 15 MB.</summary>
    private const int WindowsAtOnce = 150_000;

    private const int WindowsOfADay = 96;

    private static readonly DigestOf[] AllDigests = [DigestOf.Revisions, DigestOf.Generations, DigestOf.Provisional];

    private readonly DayConditions conditions = new(areas, topology, calibration);
    private readonly Lock gate = new();
    private readonly SemaphoreSlim reading = new(1);
    private readonly Dictionary<long, (long Change, long Conditions, DayTallies Day)> hotDays = [];
    private readonly HashSet<long> looked = [];
    private readonly HashSet<long> beingRead = [];

    /// <summary>Days that are read from the store at once.</summary>
    public int AtOnce => Math.Max(1, WindowsAtOnce / (WindowsOfADay * Math.Max(1, topology.LineCount)));

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Days in the order asked for, one at a time: each is valid until the next is asked for.</summary>
    /// <param name="days">Start and end of business days, ascending, s since the Unix epoch.</param>
    /// <exception cref="StoreUnavailableException">A day is neither in memory nor kept, or nobody has looked at it since the start, and the store does not answer.</exception>
    public async IAsyncEnumerable<(long Start, long End, DayTallies Day)> ReadAsync(
        IReadOnlyList<(long Start, long End)> days, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await LookAsync([.. days.Where(each => IsKept(each) && !IsKnown(each))], [DigestOf.Revisions], cancellation);
        byte[] buffer = [];
        for (var i = 0; i < days.Count;)
        {
            var (start, end) = days[i];
            if (IsMissing(days[i]))
            {
                var run = days.Skip(i).Take(AtOnce).TakeWhile((each, at) => (at == 0 || each.Start == days[i + at - 1].End) && IsMissing(each)).ToArray();
                foreach (var (at, read) in (await DeriveAsync(run, cancellation)).Index())
                    yield return (run[at].Start, run[at].End, read);
                i += run.Length;
                continue;
            }
            if (!IsOverAndCold(days[i]))
                yield return (start, end, await HotAsync(start, end, cancellation));
            else if (Kept(days[i], ref buffer) is { } kept)
                yield return (start, end, kept);
            else
                continue;
            i++;
        }
    }

    /// <summary>A day of which a part is wanted.</summary>
    public async Task<DayDerivation> DeriveAsync(long start, long end, CancellationToken cancellation) =>
        Derivation(await footfall.GridAsync(new(Resolution.QuarterHour, start, end), cancellation), start, end);

    /// <summary>Whether a day is over and no longer hot, and not kept either.</summary>
    public bool IsMissing((long Start, long End) each) => IsOverAndCold(each) && !IsKept(each);

    /// <summary>Whether somebody has looked since the start whether a day that is kept is what the store holds.</summary>
    public bool IsKnown((long Start, long End) each)
    {
        lock (gate)
            return looked.Contains(each.Start);
    }

    /// <summary>Derives days from the store and keeps them. For one asker at a time: a page asks twice about one year, and the second question takes what the first has read.</summary>
    /// <param name="run">Days that follow each other, at most <see cref="AtOnce"/>.</param>
    public async Task<IReadOnlyList<DayTallies>> DeriveAsync(IReadOnlyList<(long Start, long End)> run, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            if (KeptCopies(run) is { } kept)
                return kept;
            lock (gate)
                beingRead.UnionWith(run.Select(each => each.Start));
            var digests = await DigestsAsync(run, AllDigests, cancellation);
            var held = run.Select(each => conditions.At(each.Start, each.End)).ToArray();
            var quarters = await footfall.StoredAsync(new(Resolution.QuarterHour, run[0].Start, run[^1].End), cancellation);
            var read = run.Select(each => new DayTallies(Derivation(quarters, each.Start, each.End).All())).ToArray();
            for (var i = 0; i < run.Count; i++)
                Keep(run[i].Start, new(digests[0][i], digests[1][i], digests[2][i], held[i]), read[i]);
            return read;
        }
        finally
        {
            lock (gate)
                beingRead.ExceptWith(run.Select(each => each.Start));
            reading.Release();
        }
    }

    /// <summary>Asks the store whether days that are kept are still what was read, and forgets those that are not.</summary>
    public async Task LookAsync(IReadOnlyList<(long Start, long End)> days, IReadOnlyList<DigestOf> what, CancellationToken cancellation)
    {
        if (days.Count == 0)
            return;
        var before = days.Select(each => file.Find(each.Start)).ToArray();
        var digests = await DigestsAsync(days, what, cancellation);
        for (var i = 0; i < days.Count; i++)
        {
            if (before[i] is not { } key || file.Find(days[i].Start) != key)
                continue;
            var same = what.Index().All(each => digests[each.Index][i] == (each.Item switch
            {
                DigestOf.Revisions => key.Revisions,
                DigestOf.Generations => key.Generations,
                _ => key.Provisional,
            }));
            lock (gate)
                if (same)
                    looked.Add(days[i].Start);
                else
                    file.Forget(days[i].Start);
        }
    }

    /// <summary>Of a day that is hot now nobody looks at what the file has: it must be looked at when the day is cold again.</summary>
    public void LeaveHot()
    {
        lock (gate)
            looked.RemoveWhere(IsHot);
    }

    /// <summary>Forgets the day that a window belongs to which just came, and what is being read of it.</summary>
    public void Forget(long instant)
    {
        if (instant > Now - SettlingSeconds)
            return;
        var start = day.AnchorAt(instant);
        lock (gate)
        {
            beingRead.Remove(start);
            file.Forget(start);
        }
    }

    private bool IsHot(long start) => start >= hot.CoveredFrom(Resolution.QuarterHour);

    private bool IsOverAndCold((long Start, long End) each) => each.End + SettlingSeconds <= Now && !IsHot(each.Start);

    /// <summary>Whether a day is in the file, of the conditions that hold for it.</summary>
    public bool IsKept((long Start, long End) each) => file.Find(each.Start) is { } key && key.Conditions == conditions.At(each.Start, each.End);

    /// <summary>A day that is hot or not over: made anew only after a window of it has changed.</summary>
    private async Task<DayTallies> HotAsync(long start, long end, CancellationToken cancellation)
    {
        var (change, held) = (hot.ChangeOf(start, end), conditions.At(start, end));
        var settled = end + SettlingSeconds <= Now && IsHot(start);
        lock (gate)
            if (settled && hotDays.TryGetValue(start, out var known) && (known.Change, known.Conditions) == (change, held))
                return known.Day;
        var made = new DayTallies((await DeriveAsync(start, end, cancellation)).All());
        lock (gate)
            if (settled)
            {
                hotDays[start] = (change, held, made);
                foreach (var cold in hotDays.Keys.Where(each => !IsHot(each)).ToArray())
                    hotDays.Remove(cold);
            }
        return made;
    }

    private DayTallies? Kept((long Start, long End) each, ref byte[] buffer) => IsKept(each) ? file.Read(each.Start, ref buffer) : null;

    /// <summary>All of some days; null where one of them is not kept.</summary>
    private List<DayTallies>? KeptCopies(IReadOnlyList<(long Start, long End)> days)
    {
        var copies = new List<DayTallies>();
        foreach (var each in days)
        {
            byte[] own = [];
            if (Kept(each, ref own) is not { } kept)
                return null;
            copies.Add(kept);
        }
        return copies;
    }

    private void Keep(long start, DayKey key, DayTallies made)
    {
        lock (gate)
        {
            // a window that came while this was read may be missing from it
            if (!beingRead.Contains(start))
                return;
            file.Put(start, key, made);
            looked.Add(start);
        }
    }

    private DayDerivation Derivation(WindowGrid quarters, long start, long end) => new(areas, calibration, periods, quarters, start, end, Now);

    private async Task<IReadOnlyList<long?>[]> DigestsAsync(IReadOnlyList<(long Start, long End)> days, IReadOnlyList<DigestOf> what, CancellationToken cancellation)
    {
        Span[] spans = [.. days.Select(each => new Span(Resolution.QuarterHour, each.Start, each.End))];
        var digests = new IReadOnlyList<long?>[what.Count];
        for (var i = 0; i < what.Count; i++)
            digests[i] = await store.DigestAsync(what[i], spans, cancellation);
        return digests;
    }
}
