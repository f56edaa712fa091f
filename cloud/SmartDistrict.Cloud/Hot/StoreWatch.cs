using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Hot;

/// <summary>
/// Notices what was written to the store, however old, and reads just that. It remembers the digest that each span had
/// before it was last read; a span with another digest now is read again: of a day the hours that changed.
/// </summary>
/// <remarks>
/// A digest is asked for before its span is read and remembered after that, so what is written in between shows in the
/// next one. Not for several threads.
/// </remarks>
internal sealed class StoreWatch(IFootfallStore store, LiveFeed feed, HotWindows hot, DaySums days, BusinessDay day, TimeProvider clock)
{
    /// <summary>What is looked at in every poll: as far back as a gateway's outbox reaches, and a day.</summary>
    private const int PolledSeconds = 8 * DaySeconds;

    private const int DaySeconds = 86_400;
    private const int HourSeconds = 3600;

    /// <summary>Minutes are hot this far back, and looked at in spans of five.</summary>
    private const int MinutesBack = 31 * 60;

    private const int FiveMinutes = 300;

    /// <summary>Later than this after its end a minute is closed.</summary>
    private const int MinuteOpenSeconds = 180;

    private const int AtOnce = 2_000;

    /// <summary>Changes that no sum of revisions shows: see <see cref="DigestOf"/>.</summary>
    private static readonly DigestOf[] Rare = [DigestOf.Generations, DigestOf.Provisional];

    private static readonly Resolution[] HotResolutions = [Resolution.QuarterHour, Resolution.Hour];

    private readonly Dictionary<(DigestOf, Span), long?> seen = [];
    private readonly List<LineWindow> batch = new(AtOnce);

    /// <summary>Where the hours begin that are read in every poll: the open one and the one before, which may be closing.</summary>
    public long NewestFrom => Span.Down(Now(), HourSeconds) - HourSeconds;

    /// <summary>Reads what the maps of the last day need, without looking for changes: first what most of them are made of.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var now = Now();
        var from = Span.Down(now - HotWindows.NewestSeconds, HourSeconds);
        await BeginAsync(Resolution.QuarterHour, from, now, cancellation);
        await BeginAsync(Resolution.Minute, now - MinutesBack, now, cancellation);
        feed.Read([], await store.ReadSightingsAsync(cancellation));
        await BeginAsync(Resolution.Hour, from, now, cancellation);
        days.Leave(from);
    }

    private async Task BeginAsync(Resolution resolution, long from, long now, CancellationToken cancellation)
    {
        await ReadAsync(resolution, from, now + resolution.Seconds(), cancellation);
        hot.Cover(resolution, from);
    }

    /// <summary>Reads the newest windows, and of the last eight days what has changed since they were read.</summary>
    public async Task PollAsync(CancellationToken cancellation)
    {
        var (now, newest) = (Now(), NewestFrom);
        var openMinute = Span.Down(now - MinuteOpenSeconds, FiveMinutes);
        await ReadAsync(Resolution.Minute, openMinute, now + 60, cancellation);
        feed.Read([], await store.ReadSightingsAsync(cancellation));
        foreach (var resolution in HotResolutions)
            await ReadAsync(resolution, newest, now + resolution.Seconds(), cancellation);
        var from = Span.Down(now - PolledSeconds, DaySeconds);
        var spans = new List<Span>(Cut(new(Resolution.Minute, Span.Down(now - MinutesBack, FiveMinutes), openMinute), FiveMinutes));
        foreach (var resolution in HotResolutions)
            spans.AddRange(Cut(new(resolution, Math.Max(from, hot.CoveredFrom(resolution)), newest), DaySeconds));
        await ReadChangedAsync(spans, cancellation);
        await ForgetChangedAsync([DigestOf.Revisions], DaysFrom(from), cancellation);
    }

    /// <summary>Reads hours and quarter hours that were not hot so far; they reach from a day's start, or later, to where it is hot.</summary>
    public async Task ExtendAsync(long from, long to, CancellationToken cancellation)
    {
        foreach (var resolution in HotResolutions)
        {
            var span = new Span(resolution, from, to);
            var digests = await AskAsync(Rare, [span], cancellation);
            await ReadChangedAsync([.. Cut(span, HourSeconds)], cancellation);
            Remember(digests);
        }
        Cover(from);
    }

    /// <summary>Reads the sums of days.</summary>
    /// <param name="starts">Each the end of the one before it.</param>
    public async Task ReadDaysAsync(IReadOnlyList<long> starts, CancellationToken cancellation)
    {
        var digests = await AskAsync([DigestOf.Revisions, .. Rare], [.. starts.Select(OfDay)], cancellation);
        await days.ReadAsync(starts, null, cancellation);
        Remember(digests);
    }

    /// <summary>Looks for rare changes too: in a day that is hot, or in older ones.</summary>
    /// <param name="before">End of what is looked at.</param>
    /// <returns>Its start.</returns>
    public async Task<long> LookBackAsync(long before, CancellationToken cancellation)
    {
        var covered = hot.CoveredFrom(Resolution.QuarterHour);
        if (before > covered)
        {
            var from = Math.Max(covered, Span.Down(before - 1, DaySeconds));
            Span[] spans = [.. HotResolutions.Select(resolution => new Span(resolution, from, before))];
            await ReadChangedAsync(spans, cancellation);
            foreach (var ((what, span), digest) in Changed(await AskAsync(Rare, spans, cancellation)))
            {
                await ReadAsync(span.Resolution, span.From, span.To, cancellation);
                seen[(what, span)] = digest;
            }
            return from;
        }
        var start = day.AnchorAt(Math.Max(days.Oldest, before - PolledSeconds));
        await ForgetChangedAsync([DigestOf.Revisions, .. Rare], DaysFrom(start, before), cancellation);
        return start;
    }

    /// <summary>Forgets the digests of what is no longer kept.</summary>
    public void Trim()
    {
        foreach (var key in seen.Keys.Where(key => key.Item2.To <= days.Oldest).ToArray())
            seen.Remove(key);
    }

    /// <summary>Reads what has changed of spans, the newest first; of a day its changed hours.</summary>
    private async Task ReadChangedAsync(IReadOnlyList<Span> spans, CancellationToken cancellation)
    {
        var changed = Changed(await AskAsync([DigestOf.Revisions], spans, cancellation));
        foreach (var ((what, span), digest) in changed.OrderByDescending(each => each.Key.Item2.From))
        {
            if (span.To - span.From > HourSeconds)
                await ReadChangedAsync([.. Cut(span, HourSeconds)], cancellation);
            // null: the store has nothing there
            else if (digest is not null)
                await ReadAsync(span.Resolution, span.From, span.To, cancellation);
            seen[(what, span)] = digest;
        }
    }

    private async Task ForgetChangedAsync(DigestOf[] what, IReadOnlyList<Span> spans, CancellationToken cancellation)
    {
        var digests = await AskAsync(what, spans, cancellation);
        foreach (var ((_, span), _) in Changed(digests))
            days.Forget(span.From);
        Remember(digests);
    }

    private async Task<Dictionary<(DigestOf, Span), long?>> AskAsync(DigestOf[] kinds, IReadOnlyList<Span> spans, CancellationToken cancellation)
    {
        var digests = new Dictionary<(DigestOf, Span), long?>();
        foreach (var what in spans.Count > 0 ? kinds : [])
        {
            var answer = await store.DigestAsync(what, spans, cancellation);
            for (var i = 0; i < spans.Count; i++)
                digests[(what, spans[i])] = answer[i];
        }
        return digests;
    }

    private IEnumerable<KeyValuePair<(DigestOf, Span), long?>> Changed(Dictionary<(DigestOf, Span), long?> digests) =>
        digests.Where(each => !seen.TryGetValue(each.Key, out var before) || before != each.Value);

    private void Remember(Dictionary<(DigestOf, Span), long?> digests)
    {
        foreach (var (key, digest) in digests)
            seen[key] = digest;
    }

    private async Task ReadAsync(Resolution resolution, long from, long to, CancellationToken cancellation)
    {
        batch.Clear();
        await foreach (var window in store.ReadAsync(resolution, from, to, cancellation))
        {
            batch.Add(window);
            if (batch.Count == AtOnce)
                Put(to);
        }
        Put(to);
    }

    private void Put(long to)
    {
        // occupancy counts from the last reset, at most 25 hours ago: what is older does not show on the live map
        if (to > Now() - HotWindows.NewestSeconds)
            feed.Read(batch, []);
        else
            hot.Put(batch, []);
        batch.Clear();
    }

    private void Cover(long from)
    {
        foreach (var resolution in HotResolutions)
            hot.Cover(resolution, from);
        days.Leave(from);
    }

    /// <summary>The days whose sums are kept, as far as they end after an instant.</summary>
    private List<Span> DaysFrom(long from, long to = long.MaxValue)
    {
        var spans = new List<Span>();
        to = Math.Min(to, hot.CoveredFrom(Resolution.QuarterHour));
        for (var start = day.AnchorAt(Math.Max(from, days.Oldest)); start < to; start = day.NextAnchor(start))
            spans.Add(OfDay(start));
        return spans;
    }

    private Span OfDay(long start)
    {
        var end = day.NextAnchor(start);
        return new(DaySums.Whole(start, end), start, end);
    }

    /// <summary>Cuts a span at the multiples of a length.</summary>
    private static IEnumerable<Span> Cut(Span span, int seconds)
    {
        for (var (from, to) = (span.From, 0L); from < span.To; from = to)
            yield return span with { From = from, To = to = Math.Min(span.To, Span.Down(from, seconds) + seconds) };
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();
}
