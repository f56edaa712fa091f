using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Accuracy;

/// <summary>What a line's counts are multiplied by from an instant on, until a later one.</summary>
/// <param name="Since">s since the Unix epoch.</param>
/// <param name="By">Who made it in the console; null of one that stands in the district's file.</param>
internal sealed record LineFactorInForce(long Since, double Entries, double Exits, string? By, long? MadeAt, string? Note);

/// <summary>Reads the factors that were made in the console, by line id, in the order of their dates.</summary>
internal delegate ILookup<string, LineFactorInForce> ReadFactors();

/// <summary>
/// The calibration factors of every line: those of the district's file and those made in the console, by their dates. They correct
/// what a line counted by what people counted beside it; what was counted is kept, and they apply where numbers are derived. One of the
/// console begins with the next quarter hour or later and is never changed, so what was told of the past stays.
/// </summary>
internal sealed class LineFactors
{
    public const string Subject = "accuracy";

    public const string Schema =
        """
        CREATE TABLE manual_count (
            id INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, entries INTEGER, exits INTEGER,
            note TEXT, made_at INTEGER NOT NULL, made_by TEXT NOT NULL, withdrawn_at INTEGER, withdrawn_by TEXT);
        CREATE INDEX manual_count_by_line ON manual_count (line, start);
        CREATE TABLE line_factor (
            id INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL, since INTEGER NOT NULL, entries REAL NOT NULL, exits REAL NOT NULL,
            note TEXT, made_at INTEGER NOT NULL, made_by TEXT NOT NULL);
        CREATE TRIGGER line_factor_no_update BEFORE UPDATE ON line_factor BEGIN SELECT raise(ABORT, 'a factor is only ever followed by another'); END;
        CREATE TRIGGER line_factor_no_delete BEFORE DELETE ON line_factor BEGIN SELECT raise(ABORT, 'a factor is only ever followed by another'); END;
        """;

    private readonly District district;
    private readonly ReadFactors made;
    private volatile LineFactorInForce[][] byLine;

    /// <param name="made">Those made in the console.</param>
    public LineFactors(District district, ReadFactors made)
    {
        (this.district, this.made) = (district, made);
        byLine = Read();
    }

    /// <summary>Another object after any change.</summary>
    public object Version => byLine;

    /// <summary>In the order of their dates.</summary>
    /// <param name="line">Index of the line in the district's file.</param>
    public IReadOnlyList<LineFactorInForce> Of(int line) => byLine[line];

    /// <summary>The one that holds at an instant; null where none does.</summary>
    /// <param name="at">s since the Unix epoch.</param>
    public LineFactorInForce? At(int line, long at)
    {
        var of = byLine[line];
        for (var i = of.Length - 1; i >= 0; i--)
            if (of[i].Since <= at)
                return of[i];
        return null;
    }

    /// <summary>What the counts of a window are multiplied by; 1 where nobody has calibrated.</summary>
    /// <param name="line">Index of the line in the district's file.</param>
    /// <param name="entries">The line's "in" direction, else its "out".</param>
    /// <param name="start">Start of the window, s since the Unix epoch.</param>
    public double Factor(int line, bool entries, long start) =>
        At(line, start) is { } factor ? entries ? factor.Entries : factor.Exits : 1;

    /// <summary>The lines whose counts a factor corrects at some instant of [from, until), each with its newest one then.</summary>
    /// <param name="from">s since the Unix epoch.</param>
    /// <param name="until">s since the Unix epoch.</param>
    public IEnumerable<(CountingLine Line, LineFactorInForce Factor)> Correcting(long from, long until)
    {
        foreach (var (line, of) in byLine.Index())
            if (of.Where((factor, i) => factor.Since < until && (i + 1 == of.Length || of[i + 1].Since > from) && factor is not { Entries: 1, Exits: 1 }).LastOrDefault() is { } factor)
                yield return (district.Lines[line], factor);
    }

    /// <summary>Reads anew what was made in the console.</summary>
    public void Changed() => byLine = Read();

    /// <summary>Those that stand in the state file.</summary>
    public static ILookup<string, LineFactorInForce> Made(StateFile state) => state.Read(rows => rows.List(
        "SELECT line, since, entries, exits, made_by, made_at, note FROM line_factor ORDER BY since, id",
        row => (Line: row.GetString(0), Factor: new LineFactorInForce(
            row.GetInt64(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4), row.GetInt64(5), row.IsDBNull(6) ? null : row.GetString(6)))))
        .ToLookup(row => row.Line, row => row.Factor);

    private LineFactorInForce[][] Read()
    {
        var inConsole = made();
        return
        [
            .. district.Lines.Select(line => line.Calibration
                .Select(factor => new LineFactorInForce(factor.Since.ToUnixTimeSeconds(), factor.Entries, factor.Exits, null, null, null))
                .Concat(inConsole[line.Id]).OrderBy(factor => factor.Since).ToArray()),
        ];
    }
}
