using System.Globalization;
using System.Security.Claims;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.State;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Accuracy;

/// <summary>What people counted beside lines, held against what the devices counted; and the factors that follow from it.</summary>
internal sealed class AccuracyRecord(StateFile state, AuditTrail audit, LineFactors factors, FootfallReader footfall, Topology topology, LiveHub hub, TimeProvider clock)
{
    public const int Quarter = 900;

    /// <summary>Of so many newest counts a line's figures are made.</summary>
    private const int MostCounts = 100;

    /// <summary>Counts nearer to each other than this are read together, s.</summary>
    private const int Together = 86_400;

    /// <summary>s since the Unix epoch.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The first quarter hour that has not begun.</summary>
    public long NextQuarter => Span.Down(Now, Quarter) + Quarter;

    /// <param name="line">Index of the line.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer, or not as it should.</exception>
    public async Task<LineAccuracy> OfAsync(int line, CancellationToken cancellation)
    {
        var entry = topology.District.Lines[line];
        var (total, manual) = state.Read(rows => (
            (long)rows.Value("SELECT count(*) FROM manual_count WHERE line = $1", entry.Id)!,
            rows.List(
                "SELECT id, start, end, entries, exits, made_by, made_at, note, withdrawn_at IS NOT NULL FROM manual_count WHERE line = $1 ORDER BY start DESC, id DESC LIMIT $2",
                row => new Manual(
                    row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(4) ? null : row.GetInt64(4),
                    row.GetString(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetString(7), row.GetBoolean(8)),
                entry.Id, MostCounts)));
        var stands = entry.JoinAt(clock.GetUtcNow())?.Since.ToUnixTimeSeconds() ?? 0;
        var counts = await CountedAsync(line, manual, stands, cancellation);
        var compared = counts.Where(count => count.NotCompared is null).ToList();
        return new(
            entry.Id, new(entry.Name.Zh, entry.Name.En),
            Direction(compared, count => count.Entries, count => count.CountedEntries), Direction(compared, count => count.Exits, count => count.CountedExits),
            counts, (int)total, [.. factors.Of(line).Select(Info)], factors.At(line, Now) is { } now ? Info(now) : null, NextQuarter);
    }

    public long Enter(string line, ManualCountRequest request, ClaimsPrincipal who) => state.Write(rows =>
    {
        rows.Run(
            "INSERT INTO manual_count (line, start, end, entries, exits, note, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            line, request.From, request.To, request.Entries, request.Exits, Remark(request.Note), Milliseconds, Name(who));
        var id = (long)rows.Value("SELECT last_insert_rowid()")!;
        audit.Note(rows, who, "calibration.count", line, null, new { id, request.From, request.To, request.Entries, request.Exits });
        return id;
    });

    /// <summary>Takes a count back: it stays in the record, and is compared no longer.</summary>
    /// <returns>False where the line has no such count.</returns>
    public bool Withdraw(string line, long id, ClaimsPrincipal who) => state.Write(rows =>
    {
        if (rows.Value("SELECT id FROM manual_count WHERE line = $1 AND id = $2", line, id) is null)
            return false;
        if (rows.Run("UPDATE manual_count SET withdrawn_at = $2, withdrawn_by = $3 WHERE id = $1 AND withdrawn_at IS NULL", id, Milliseconds, Name(who)) > 0)
            audit.Note(rows, who, "calibration.withdraw", line, id.ToString(CultureInfo.InvariantCulture));
        return true;
    });

    public void Calibrate(int line, long since, FactorRequest request, ClaimsPrincipal who)
    {
        var id = topology.District.Lines[line].Id;
        var before = factors.At(line, since);
        var (entries, exits) = (request.Entries ?? 1, request.Exits ?? 1);
        state.Write(rows =>
        {
            rows.Run(
                "INSERT INTO line_factor (line, since, entries, exits, note, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                id, since, entries, exits, Remark(request.Note), Milliseconds, Name(who));
            audit.Note(rows, who, "calibration.set", id, new { Entries = before?.Entries ?? 1, Exits = before?.Exits ?? 1 }, new { since, Entries = entries, Exits = exits });
        });
        factors.Changed();
        hub.Tell("lines", new LinesEvent(Milliseconds));
    }

    private long Milliseconds => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<List<ManualCountInfo>> CountedAsync(int line, List<Manual> manual, long stands, CancellationToken cancellation)
    {
        var counts = new List<ManualCountInfo>(manual.Count);
        for (var first = 0; first < manual.Count;)
        {
            // newest first: as many as lie close together are read at once
            var last = first;
            while (last + 1 < manual.Count && manual[first].To - manual[last + 1].From <= Together)
                last++;
            var near = manual[first..(last + 1)];
            var grid = await footfall.GridAsync(new(Resolution.QuarterHour, near.Min(count => count.From), near.Max(count => count.To)), cancellation, [line]);
            counts.AddRange(near.Select(count => Compared(count, grid, line, stands)));
            first = last + 1;
        }
        return counts;
    }

    private ManualCountInfo Compared(in Manual count, WindowGrid grid, int line, long stands)
    {
        var (trust, present, sure) = (Trust.Complete, 0, true);
        var (entries, exits) = (0L, 0L);
        for (var start = count.From; start < count.To; start += Quarter)
        {
            if (!grid.TryGet(line, start, out var window) || TrustRules.SaysNothing(window))
            {
                trust = TrustRules.Worst(trust, Trust.Partial);
                continue;
            }
            present++;
            trust = TrustRules.Worst(trust, TrustRules.Of(window.Status, start + Quarter, Now));
            sure &= window.Counts is { UnplacedEntries: 0, UnplacedExits: 0 };
            entries += window.Counts.Entries;
            exits += window.Counts.Exits;
        }
        NotCompared? reason = count.Withdrawn ? NotCompared.Withdrawn
            : count.From < stands ? NotCompared.Moved
            : present == 0 || !sure || trust is not (Trust.Complete or Trust.Repaired) ? NotCompared.Incomplete
            : null;
        return new(
            count.Id, count.From, count.To, count.Entries, count.Exits, present > 0 ? entries : null, present > 0 ? exits : null,
            present > 0 ? trust : Trust.None, reason, count.By, count.At, count.Note);
    }

    private static DirectionAccuracy Direction(List<ManualCountInfo> compared, Func<ManualCountInfo, long?> manual, Func<ManualCountInfo, long?> counted)
    {
        var agreement = new Agreement([.. compared.Where(count => manual(count) is not null && counted(count) is not null).Select(count => (manual(count)!.Value, counted(count)!.Value))]);
        return new(
            agreement.Counts, agreement.Manual, agreement.Counted, agreement.Error, agreement.Error - agreement.HalfWidth, agreement.Error + agreement.HalfWidth,
            agreement.AbsoluteError, agreement.Factor, agreement.Enough);
    }

    private static FactorInfo Info(LineFactorInForce factor) => new(factor.Since, factor.Entries, factor.Exits, factor.By, factor.MadeAt, factor.Note);

    private static string? Remark(string? note) => string.IsNullOrWhiteSpace(note) ? null : note.Trim();

    private static string Name(ClaimsPrincipal who) => who.Identity?.Name ?? "";

    private readonly record struct Manual(long Id, long From, long To, long? Entries, long? Exits, string By, long At, string? Note, bool Withdrawn);
}
