using System.Globalization;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Replay;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>replay</c>: readings per second from a journal on disk through the production fold, as the what-if replay runs it,
/// against reading the same segments and checking their records' checksums, which no replay can do without.
/// </summary>
internal static class Replay
{
    private const int Rounds = 5;
    private const long JournalBytes = 256L << 20;

    public static Task<int> RunAsync()
    {
        var stream = new ReadingStream { FirstTimestamp = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), RoundMilliseconds = 200 };
        using var site = new BenchSite(stream);
        var data = Path.Combine(site.Folder, "data");
        var readings = RecordedJournal.Write(data, stream, JournalBytes);
        Console.WriteLine(Invariant($"{readings} readings of {stream.Devices} devices in {JournalBytes >> 20} MiB of journal"));
        var settings = ReplaySettings.Present(site.WriteSettings("replay", data, BenchSite.SyncToInflux(new Uri("http://localhost"), "none"), 1, live: false), null);
        List<double> rates = [], ratios = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var bare = readings / Seconds(() => ReadBare(data, readings));
            var folded = readings / Seconds(() => Fold(settings, data, readings));
            Console.WriteLine(Invariant($"{(round == 0 ? "warm-up" : $"round {round}")}: fold {folded:0}/s, reading and checksums alone {bare:0}/s"));
            if (round == 0)
                continue;
            rates.Add(folded);
            ratios.Add(folded / bare);
        }
        Console.WriteLine(Invariant($"replay ratio {Ingest.Median(ratios):0.000}"));
        Console.WriteLine(Invariant($"replay readings_per_s {Ingest.Median(rates):0}"));
        return Task.FromResult(0);
    }

    private static void Fold(ReplaySettings settings, string data, long readings)
    {
        var span = ReplaySpan.Find(Path.Combine(data, "journal"), 0, long.MaxValue / 2, 7);
        using var fold = new ThrowAwayFold(settings, span.First);
        using var reader = span.Read();
        while (reader.TryRead(out var record))
            fold.Apply(record);
        if (fold.Totals.Readings != readings || fold.Windows(Telemetry.Windows.Resolution.Minute, 0, long.MaxValue / 2).Count == 0)
            throw new InvalidDataException($"of {readings} readings {fold.Totals.Readings} were booked");
    }

    private static void ReadBare(string data, long readings)
    {
        var buffer = new byte[16 << 20];
        var records = 0L;
        foreach (var segment in JournalSegment.List(Path.Combine(data, "journal")))
        {
            using var file = File.OpenHandle(segment.Path);
            var length = RandomAccess.Read(file, buffer, 0);
            for (var at = JournalSegment.HeadLength; JournalFormat.Read(buffer.AsSpan(at, length - at), out _) is > 0 and var size; at += size)
                records++;
        }
        if (records < readings)
            throw new InvalidDataException($"{records} records for {readings} readings");
    }

    private static double Seconds(Action run)
    {
        var began = TimeProvider.System.GetTimestamp();
        run();
        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
