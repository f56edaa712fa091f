using System.Security.Claims;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Sales;

/// <summary>What tills told: how many sales a zone had in the quarter hour, or the hour, that begins then.</summary>
internal sealed class SalesLedger(StateFile state, AuditTrail audit)
{
    public const string Subject = "sales";

    public const string Schema =
        "CREATE TABLE sale (start INTEGER, zone TEXT, transactions INTEGER NOT NULL, PRIMARY KEY (start, zone)) WITHOUT ROWID;";

    /// <summary>Keeps what was told; what was told before of the same zone and time is replaced, or withdrawn by null.</summary>
    public void Tell(IReadOnlyCollection<ToldSale> sales, ClaimsPrincipal who) => state.Write(rows =>
    {
        foreach (var sale in sales)
            if (sale.Transactions is { } transactions)
                rows.Run("INSERT OR REPLACE INTO sale VALUES ($1, $2, $3)", sale.Start, sale.Zone, transactions);
            else
                rows.Run("DELETE FROM sale WHERE start = $1 AND zone = $2", sale.Start, sale.Zone);
        audit.Note(rows, who, "sales.tell", Subject, after: new
        {
            zones = sales.Select(sale => sale.Zone).Distinct().Order(), from = sales.Min(sale => sale.Start), to = sales.Max(sale => sale.Start),
            rows = sales.Count, transactions = sales.Sum(sale => (long)(sale.Transactions ?? 0)),
        });
    });

    public SaleCounts Read(long from, long to) => new(state.Read(rows => rows.List(
        "SELECT zone, start, transactions FROM sale WHERE start >= $1 AND start < $2", row => (row.GetString(0), row.GetInt64(1), row.GetInt32(2)), from, to)));
}
