using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>
/// Stands in for the open and the last quarter hour and hour until their gateway closes them: the sum of their parts,
/// minutes or quarter hours. It is provisional, and of a generation below every gateway's, so that the gateway's own
/// window takes its place whenever it comes.
/// </summary>
internal static class RollUp
{
    private const long BelowEveryGateway = 0;

    /// <summary>Puts the sum of its parts in for every line whose gateway has not said what happened since <paramref name="start"/>.</summary>
    public static void Fill(WindowTable table, WindowTable parts, long start)
    {
        for (var line = 0; line < table.Topology.LineCount; line++)
            if (!IsWritten(table, line, start))
            {
                // also an older sum goes: parts come in any order, and may be withdrawn
                table.Remove(line, start);
                if (Sum(parts, line, start, table) is { } sum)
                    table.Put(sum);
            }
    }

    /// <summary>Takes the sums at <paramref name="start"/> away: their gateways would have said so themselves by now.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool Withdraw(WindowTable table, long start)
    {
        var any = false;
        for (var line = 0; line < table.Topology.LineCount; line++)
            any |= !IsWritten(table, line, start) && table.Remove(line, start);
        return any;
    }

    private static bool IsWritten(WindowTable table, int line, long start) =>
        table.TryGetAny(line, start, out var window) && window.Revision.Generation != BelowEveryGateway;

    private static LineWindow? Sum(WindowTable parts, int line, long start, WindowTable table)
    {
        var (counts, revision, any) = (new LineCounts { Expected = 0 }, 0L, false);
        for (var part = start; part < start + table.Seconds; part += parts.Seconds)
        {
            if (!parts.TryGet(line, part, out var window))
                continue;
            any = true;
            counts.Entries += window.Counts.Entries;
            counts.Exits += window.Counts.Exits;
            counts.Ambiguous += window.Counts.Ambiguous;
            counts.UnplacedEntries += window.Counts.UnplacedEntries;
            counts.UnplacedExits += window.Counts.UnplacedExits;
            counts.Expected += window.Counts.Expected;
            counts.Received += window.Counts.Received;
            revision = Math.Max(revision, window.Revision.Counter);
        }
        return any
            ? new(table.Topology.District.Lines[line].Id, table.Resolution, start, counts, WindowStatus.Provisional, new Revision(BelowEveryGateway, revision))
            : null;
    }
}
