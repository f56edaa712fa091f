using SmartDistrict.Edge.Outbox;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Outbox;

/// <summary>What an outbox is to do, said with a dictionary.</summary>
internal sealed class OutboxModel
{
    public sealed record Sent((long Timestamp, string Series) Key, long Put, long TakenAt, string Line);

    private sealed class Row
    {
        public required Revision Revision;
        public required long Put;
        public bool IsSent;
        public long? AgainAt;
    }

    private readonly SortedDictionary<(long Timestamp, string Series), Row> rows = [];
    private long puts;

    public long DeadLetters { get; private set; }

    public long Lost { get; private set; }

    public long Confirmed { get; private set; }

    public OutboxLevel Level => new(
        rows.Count, rows.Values.Count(row => row.IsSent), rows.Sum(row => (long)Line(row.Key, row.Value).Length), rows.Count == 0 ? null : rows.First().Key.Timestamp, Lost);

    public long? NextAgain => rows.Values.Where(row => row.IsSent).Min(row => row.AgainAt);

    public bool Waits(long timestamp, string series) => rows.ContainsKey((timestamp, series));

    public void Put(long timestamp, string series, Revision revision)
    {
        if (!rows.TryGetValue((timestamp, series), out var row))
            rows[(timestamp, series)] = new() { Revision = revision, Put = ++puts };
        else if (revision > row.Revision)
            (row.Revision, row.Put, row.IsSent) = (revision, ++puts, false);
    }

    /// <summary>The newest rows of the newest gap between the batches under way, in ascending order.</summary>
    public List<Sent> Take(int max, List<List<Sent>> underWay, long now)
    {
        var taken = new List<Sent>();
        foreach (var (key, row) in rows.Reverse())
        {
            if (underWay.Any(batch => batch[0].Key.CompareTo(key) <= 0 && key.CompareTo(batch[^1].Key) <= 0)
                || (taken.Count > 0 && underWay.Any(batch => key.CompareTo(batch[0].Key) < 0 && batch[0].Key.CompareTo(taken[0].Key) < 0)))
            {
                if (taken.Count > 0)
                    break;
                continue;
            }
            if (row.IsSent && row.AgainAt > now)
                continue;
            taken.Insert(0, new(key, row.Put, now, Line(key, row)));
            if (taken.Count == max)
                break;
        }
        return taken;
    }

    public void Confirm(Sent sent)
    {
        if (!rows.TryGetValue(sent.Key, out var row) || row.Put != sent.Put)
            return;
        if (row.AgainAt is null || row.AgainAt <= sent.TakenAt)
        {
            rows.Remove(sent.Key);
            Confirmed++;
        }
        else
            row.IsSent = true;
    }

    public void Refuse(Sent sent)
    {
        if (rows.TryGetValue(sent.Key, out var row) && row.Put == sent.Put)
        {
            rows.Remove(sent.Key);
            DeadLetters++;
        }
    }

    /// <summary>A kill: what was under way is doubtful.</summary>
    public void Kill(List<List<Sent>> underWay, long againAt)
    {
        foreach (var batch in underWay)
            Doubt(batch, againAt);
    }

    public void Doubt(List<Sent> batch, long againAt)
    {
        foreach (var (key, row) in rows)
            if (batch[0].Key.CompareTo(key) <= 0 && key.CompareTo(batch[^1].Key) <= 0)
                (row.IsSent, row.AgainAt) = (false, againAt);
    }

    public long Trim(int maxRows)
    {
        var lost = 0;
        while (rows.Count > maxRows)
        {
            var (key, row) = rows.First();
            lost += row.IsSent ? 0 : 1;
            rows.Remove(key);
        }
        Lost += lost;
        return lost;
    }

    private static string Line((long Timestamp, string Series) key, Row row) => OutboxFile.Line(key.Timestamp, key.Series, row.Revision);
}
