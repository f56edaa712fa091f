using System.Runtime.InteropServices;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>What every area counted on a business day, but for sales, as the bytes that are kept of it.</summary>
/// <param name="rows">A row for each area; valid until the next day is read.</param>
/// <param name="rowOf">Of each area of today's district the row; -1 for one that the day does not know. Null: the areas themselves.</param>
internal readonly struct DayTallies(ReadOnlyMemory<byte> rows, int[]? rowOf = null)
{
    public DayTallies(AreaTally[] tallies) : this(MemoryMarshal.AsBytes(tallies.AsSpan()).ToArray())
    {
    }

    public ReadOnlySpan<byte> Bytes => rows.Span;

    /// <summary>A copy. An area that no line bounded on that day counted nothing.</summary>
    public AreaTally this[int area] => (rowOf is null ? area : rowOf[area]) is >= 0 and var row
        ? MemoryMarshal.Cast<byte, AreaTally>(rows.Span)[row]
        : new AreaTally();
}
