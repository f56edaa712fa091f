namespace SmartDistrict.Cloud.Sales;

/// <summary>Reads what the tills told of a time.</summary>
/// <param name="from">s since the Unix epoch.</param>
/// <param name="to">End, exclusive.</param>
internal delegate SaleCounts ReadSales(long from, long to);

/// <summary>Sales by zone, each at the beginning of its quarter hour.</summary>
internal sealed class SaleCounts
{
    public static readonly SaleCounts None = new([]);

    private readonly Dictionary<string, (long Start, int Transactions)[]> byZone;

    public SaleCounts(IEnumerable<(string Zone, long Start, int Transactions)> rows) => byZone = rows
        .GroupBy(row => row.Zone)
        .ToDictionary(zone => zone.Key, zone => zone.Select(row => (row.Start, row.Transactions)).ToArray());

    /// <summary>Sales of a zone in a part of a day; null where its tills told nothing of the whole day.</summary>
    public long? Of(string zone, (long Begin, long End) day, long from, long to)
    {
        if (!byZone.TryGetValue(zone, out var rows))
            return null;
        long? sum = null;
        foreach (var (start, transactions) in rows)
            if (start >= day.Begin && start < day.End)
                sum = (sum ?? 0) + (start >= from && start < to ? transactions : 0);
        return sum;
    }
}
