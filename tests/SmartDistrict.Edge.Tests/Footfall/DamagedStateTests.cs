using Microsoft.Data.Sqlite;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>
/// The state file, its write-ahead log or its index damaged anywhere: the gateway starts, and what was set aside is folded
/// again from the journal to the same numbers. SQLite has no checksum of a stored value: a flip within one goes unseen.
/// </summary>
public sealed class DamagedStateTests
{
    [Theory]
    [InlineData(""), InlineData("-wal"), InlineData("-shm")]
    public void Whatever_becomes_of_the_state_the_gateway_starts_and_counts_on(string file)
    {
        var (setAside, whole) = (0, 0);
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            using var bench = new FoldBench(("b1", "native"), ("b2", "native"), ("c1", "milesight-vs350"));
            var people = Live(bench, random, 0);
            var data = "";
            try
            {
                bench.Crash(folder =>
                {
                    data = folder;
                    // by and by the log's pages move into the file itself
                    if (file.Length == 0)
                        Execute(folder, "PRAGMA wal_checkpoint(TRUNCATE)");
                    Harm(random, folder + "/state.db" + file);
                });
                people += Live(bench, random, people);
                bench.Checkpoint();
            }
            catch (SqliteException e) when (StateFile.IsDamage(e))
            {
                // found while running: the gateway ends, and its next start sets the file aside
                StateFile.Suspect(data);
                bench.Crash();
            }
            var again = Directory.GetFiles(data, "state.db.damaged-*").Length > 0;
            setAside += again ? 1 : 0;
            var counted = bench.Windows(damaged: true).Values.Where(window => window.Resolution == Resolution.Hour && window.Line != "ln-c1").Sum(window => window.Counts.Entries);
            if (again || file != "")
                Assert.True(counted == people && bench.Fold.Totals.LostRecords == 0, $"seed {seed}: {counted} of {people} people, {bench.Fold.Totals.LostRecords} records lost");
            whole += counted == people ? 1 : 0;
        }
        Assert.True(file != "" || setAside > 5, $"{setAside} set aside");
        Assert.True(whole > 30, $"{whole} with the same numbers");
    }

    [Fact]
    public void A_file_of_a_newer_version_is_left_alone_and_the_mend_told()
    {
        using var bench = new FoldBench(("b1", "native"));
        var refusal = Assert.Throws<InvalidDataException>(() => bench.Crash(folder => Execute(folder, "CREATE TABLE of_tomorrow(x); PRAGMA user_version = 99")));
        Assert.Contains("install the version that wrote it", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99")]
    [InlineData("DROP TABLE samples")]
    [InlineData("UPDATE fold SET value = 4611686018427387904 WHERE key = 'position'")]
    [InlineData("UPDATE sequences SET tracker = x'00'")]
    [InlineData("UPDATE sequences SET tracker = x'0500000000000000FF00000000000000FE00000000000000000000000000000000000000'")]
    public void What_cannot_be_so_is_taken_for_damage(string harm)
    {
        using var bench = new FoldBench(("b1", "native"), ("b2", "native"));
        var people = Live(bench, new Random(1), 0);
        bench.Crash(folder => Execute(folder, harm));
        Assert.Equal(people, bench.Windows().Values.Where(window => window.Resolution == Resolution.Hour).Sum(window => window.Counts.Entries));
        Assert.Equal(0, bench.Fold.Totals.LostRecords);
    }

    /// <summary>A quarter of an hour of readings, with checkpoints in between and something unstored at the end.</summary>
    private static long Live(FoldBench bench, Random random, long before)
    {
        long people = 0;
        for (var i = 0; i < 60; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 30)));
            var now = bench.Time.GetUtcNow().ToUnixTimeMilliseconds();
            var device = random.Next(2) == 0 ? "b1" : "b2";
            // a sequence with gaps: trackers have something to keep
            bench.Native(device, now, (int)before * 10 + i * 2, entries: 1);
            people++;
            if (random.Next(3) == 0)
                bench.Vs350("c1", now, (int)(before + people), 0);
            if (i % 20 == 10)
            {
                bench.Drain();
                bench.Checkpoint();
            }
        }
        bench.Drain();
        return people;
    }

    private static void Harm(Random random, string path)
    {
        if (!File.Exists(path))
            return;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0)
            return;
        var at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.AsSpan(at / 4096 * 4096, Math.Min(4096, bytes.Length - (at / 4096 * 4096))).Clear();
                break;
            case 2:
                random.NextBytes(bytes.AsSpan(at, Math.Min(600, bytes.Length - at)));
                break;
            case 3:
                random.NextBytes(bytes.AsSpan(0, Math.Min(100, bytes.Length)));
                break;
            default:
                bytes = bytes[..at];
                break;
        }
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    private static void Execute(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder}/state.db;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
