using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Reports;

/// <summary>A period of counting lines, for analysts.</summary>
public sealed class ExportQuery : PeriodQuery
{
    [Description("Length of a window: 15m or 1h (the default). Hours are the whole ones that the period's days begin with.")]
    [FromQuery(Name = "bucket")]
    [AllowedValues(null, "15m", "1h", ErrorMessage = "bucket is not one of 15m and 1h")]
    public string? Bucket { get; set; }

    internal Resolution Resolution => Bucket == "15m" ? Resolution.QuarterHour : Resolution.Hour;
}

/// <summary>Writes the windows of counting lines as CSV, a business day at a time, so that a year takes the memory of a day's windows.</summary>
internal sealed class LineExport(FootfallReader footfall, Topology topology, Periods periods, LineFactors calibration, District district, TimeProvider clock)
{
    private const string Header =
        "line,from_zone,to_zone,start,start_unix,seconds,status,withheld,entries,exits,ambiguous,unplaced_entries,unplaced_exits,"
        + "factor_entries,factor_exits,expected,received,completeness,generation,revision\r\n";

    /// <summary>Text that is gathered before it is sent, in characters.</summary>
    private const int Piece = 32_768;

    /// <summary>Writes the file; where the store goes away meanwhile, the connection is cut, so that nobody takes a part for the whole.</summary>
    public async Task WriteAsync(Period period, Resolution resolution, HttpResponse response, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var text = new StringBuilder("\uFEFF" + Header);
        foreach (var (start, end) in periods.Days(period).TakeWhile(day => day.Start <= now))
        {
            var (from, to) = (Span.Down(Math.Max(start, period.From), resolution.Seconds()), Span.Down(Math.Min(end, period.To), resolution.Seconds()));
            var windows = await footfall.GridAsync(new(resolution, from, Math.Max(from + resolution.Seconds(), to)), cancellation);
            if (!response.HasStarted)
            {
                response.ContentType = "text/csv; charset=utf-8";
                response.Headers.ContentDisposition = $"attachment; filename={district.Id}-{period.Name.Replace(':', '-')}-lines-{resolution.Name()}.csv";
            }
            for (var line = 0; line < topology.LineCount; line++)
            {
                Append(text, line, windows, from, Math.Min(to, now + 1), now);
                if (text.Length >= Piece)
                    await SendAsync();
            }
        }
        await SendAsync();

        async Task SendAsync()
        {
            await response.WriteAsync(text.ToString(), cancellation);
            text.Clear();
        }
    }

    private void Append(StringBuilder text, int line, WindowGrid windows, long from, long to, long now)
    {
        var withheld = Withheld(line, windows, from, to);
        for (var start = from; start < to; start += windows.Seconds)
        {
            if (district.Lines[line].JoinAt(DateTimeOffset.FromUnixTimeSeconds(start)) is not { } join)
                continue;
            text.Append(CultureInfo.InvariantCulture,
                $"{district.Lines[line].Id},{join.From},{join.To},{CsvReport.Local(start, district.TimeZone)},{start},{windows.Seconds},");
            if (!windows.TryGet(line, start, out var window) || TrustRules.SaysNothing(window))
            {
                text.Append("none,0,,,,,,,,").Append(CultureInfo.InvariantCulture, $"{window.Counts.Expected},0,,,\r\n");
                continue;
            }
            var (counts, hidden) = (window.Counts, withheld.Contains(start));
            var status = TrustRules.Of(window.Status, start + windows.Seconds, now).ToString().ToLowerInvariant();
            text.Append(status).Append(hidden ? ",1,,,,,," : string.Create(CultureInfo.InvariantCulture,
                $",0,{counts.Entries},{counts.Exits},{counts.Ambiguous},{counts.UnplacedEntries},{counts.UnplacedExits},"));
            text.Append(CultureInfo.InvariantCulture, $"{calibration.Factor(line, true, start)},{calibration.Factor(line, false, start)},");
            // some devices send a reading for each person
            text.Append(hidden ? "," : string.Create(CultureInfo.InvariantCulture, $"{counts.Expected},{counts.Received}"))
                .Append(',').Append(Completeness(counts)).Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{window.Revision.Generation},{window.Revision.Counter}\r\n");
        }
    }

    private static string Completeness(in LineCounts counts) => counts.Expected is > 0 and var expected
        ? Math.Min(1, Math.Round((double)counts.Received / expected, 4)).ToString(CultureInfo.InvariantCulture)
        : "";

    /// <summary>Starts of the windows that are small, and where it is only one, of the next smallest, too.</summary>
    private HashSet<long> Withheld(int line, WindowGrid windows, long from, long to)
    {
        var below = district.Numbers.SmallCountsBelow;
        var small = new HashSet<long>();
        var (nextPeople, nextStart) = (long.MaxValue, -1L);
        for (var start = from; start < to; start += windows.Seconds)
        {
            if (!windows.TryGet(line, start, out var window))
                continue;
            var (entries, exits) = (window.Counts.Entries + window.Counts.UnplacedEntries, window.Counts.Exits + window.Counts.UnplacedExits);
            if ((entries > 0 && entries < below) || (exits > 0 && exits < below))
                small.Add(start);
            else if (entries + exits > 0 && entries + exits < nextPeople)
                (nextPeople, nextStart) = (entries + exits, start);
        }
        if (small.Count == 1 && nextStart >= 0)
            small.Add(nextStart);
        return small;
    }
}
