using System.Globalization;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Replay;

/// <summary>A replay's outcome for people: the windows that differ, then the sums.</summary>
internal static class ReplayTable
{
    public static void Write(ReplayReport report, ReplayArguments arguments, District district, TextWriter output)
    {
        if (report.Differing.Count > 0)
        {
            // a column that is the same in every row says nothing
            var counts = WindowDifference.Counts.Where(count => report.Differing.Any(pair => Value(pair.Present, count.Of) != Value(pair.Changed, count.Of))).ToList();
            var rows = report.Differing.Select(pair => (IReadOnlyList<string>)
            [
                pair.Key.Line, ReplayReport.Local(pair.Key.Start * 1000, district.TimeZone, "yyyy-MM-dd HH:mm"),
                .. counts.Select(count => Change(Text(pair.Present, count.Of), Text(pair.Changed, count.Of))),
                Change(pair.Present?.Status.Name() ?? "–", pair.Changed?.Status.Name() ?? "–"),
            ]);
            Columns(output, [["line", $"{arguments.Resolution.Name()} from", .. counts.Select(count => count.Name), "status"], .. rows], left: 2);
            output.WriteLine();
        }
        IReadOnlyList<IReadOnlyList<string>> sums =
        [
            ["", "present", "changed", "difference"],
            .. report.Totals.Select(total => (IReadOnlyList<string>)
                [total.OfRange ? total.Name : total.Name + " *", Number(total.Present), Number(total.Changed), Signed(total.Changed - total.Present)]),
        ];
        Columns(output, sums, left: 1);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Differing.Count} of {report.Windows} windows differ, of {ReplayReport.Local(report.Range.From, district.TimeZone, Form)} to {ReplayReport.Local(report.Range.To, district.TimeZone, Form)} ({district.TimeZone.Id})"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"* over all {report.Records} records that were folded, from a day before to what came late{(report.Lost > 0 ? $"; {report.Lost} records are damaged" : "")}"));
        if (arguments.With.Count == 0)
            output.WriteLine("Nothing was changed: give a change with --with, as in --with Fold:ClockAheadSeconds=120.");
    }

    private const string Form = "yyyy-MM-dd HH:mm";

    private static long Value(LineWindow? window, Func<LineWindow, long> of) => window is { } there ? of(there) : 0;

    private static string Text(LineWindow? window, Func<LineWindow, long> of) => window is { } there ? Number(of(there)) : "–";

    private static string Change(string before, string after) => before == after ? before : $"{before} → {after}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Signed(long value) => value.ToString("+0;-0;0", CultureInfo.InvariantCulture);

    /// <param name="left">How many first columns are aligned left; the others right.</param>
    private static void Columns(TextWriter output, IReadOnlyList<IReadOnlyList<string>> rows, int left)
    {
        var widths = Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column < left ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }
}
