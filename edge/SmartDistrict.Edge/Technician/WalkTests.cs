using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmartDistrict.Edge.Technician;

/// <summary>A person walks a known number of times across a line, and the line's own count is compared.</summary>
/// <param name="ExpectedIn">Passages to be walked in the line's "in" direction.</param>
/// <param name="Entries">People whom the gateway booked on the line meanwhile.</param>
/// <param name="StartedAt">ms since the Unix epoch.</param>
/// <param name="EndedAt">ms since the Unix epoch; null while it runs.</param>
/// <param name="Result">running, passed, failed or abandoned.</param>
/// <param name="Cause">Why it failed, a key: none, fewer, more, reversed or both; empty where it did not.</param>
public sealed record WalkTest(
    int Number, string Line, int ExpectedIn, int ExpectedOut, long Entries, long Exits, long StartedAt, long? EndedAt, string Result, string Cause);

/// <summary>
/// The walk tests of this gateway: one at a time runs, the last ones are kept in <c>walk-tests.json</c> of the data folder.
/// What is compared is what the fold booked, so the whole way from the sensor to the number is tested.
/// </summary>
internal sealed class WalkTests
{
    public const int MostPassages = 50;

    private const int Kept = 200;

    /// <summary>Who has walked enough sees soon whether the last passage is counted twice.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>A test that nobody ends.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    private readonly string file;
    private readonly Func<string, (long Entered, long Left)?> count;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly List<WalkTest> tests;
    private (long Entered, long Left) from;
    private long started;
    private long? enough;

    /// <param name="data">The data folder.</param>
    /// <param name="count">People booked on a line since the process started; null for a line that nothing is heard of.</param>
    public WalkTests(string data, Func<string, (long Entered, long Left)?> count, TimeProvider time)
    {
        file = Path.Combine(data, "walk-tests.json");
        this.count = count;
        this.time = time;
        tests = Load(file);
    }

    /// <summary>The test that runs, else the last one; null before the first.</summary>
    public WalkTest? Current
    {
        get
        {
            lock (gate)
            {
                Look();
                return tests.Count > 0 ? tests[^1] : null;
            }
        }
    }

    /// <summary>The kept tests, oldest first.</summary>
    public IReadOnlyList<WalkTest> All
    {
        get
        {
            lock (gate)
            {
                Look();
                return [.. tests];
            }
        }
    }

    /// <summary>Begins a test; one that runs is abandoned.</summary>
    /// <returns>Why it cannot begin; null where it has.</returns>
    public string? Start(string line, int expectedIn, int expectedOut)
    {
        if (expectedIn < 0 || expectedOut < 0 || expectedIn + expectedOut is < 1 or > MostPassages)
            return $"a test has 1 to {MostPassages} passages";
        if (count(line) is not { } now)
            return $"nothing is heard of the line '{line}': its device is faulted, or it is not this gateway's";
        lock (gate)
        {
            Look();
            if (tests.Count > 0 && tests[^1].Result == "running")
                End("abandoned", "");
            (from, started, enough) = (now, time.GetTimestamp(), null);
            if (tests.Count == Kept)
                tests.RemoveAt(0);
            tests.Add(new(tests.Count == 0 ? 1 : tests[^1].Number + 1, line, expectedIn, expectedOut, 0, 0, Now(), null, "running", ""));
            return null;
        }
    }

    /// <summary>Ends the running test, and judges it.</summary>
    public void Stop()
    {
        lock (gate)
        {
            Look();
            if (tests.Count > 0 && tests[^1].Result == "running")
                Judge();
        }
    }

    /// <summary>Brings the running test up to date; whoever asks makes it move, nothing runs by itself.</summary>
    private void Look()
    {
        if (tests.Count == 0 || tests[^1] is not { Result: "running" } test)
            return;
        if (count(test.Line) is { } now)
            tests[^1] = test = test with { Entries = now.Entered - from.Entered, Exits = now.Left - from.Left };
        if (test.Entries < test.ExpectedIn || test.Exits < test.ExpectedOut)
            enough = null;
        else
            enough ??= time.GetTimestamp();
        if (enough is { } since && time.GetElapsedTime(since) >= Settling)
            Judge();
        else if (time.GetElapsedTime(started) >= Longest)
            End("abandoned", "");
    }

    private void Judge()
    {
        var test = tests[^1];
        var cause = (test.Entries.CompareTo(test.ExpectedIn), test.Exits.CompareTo(test.ExpectedOut)) switch
        {
            (0, 0) => "",
            _ when test.Entries == 0 && test.Exits == 0 => "none",
            _ when test.Entries == test.ExpectedOut && test.Exits == test.ExpectedIn => "reversed",
            ( <= 0, <= 0) => "fewer",
            ( >= 0, >= 0) => "more",
            _ => "both",
        };
        End(cause.Length == 0 ? "passed" : "failed", cause);
    }

    private void End(string result, string cause)
    {
        tests[^1] = tests[^1] with { Result = result, Cause = cause, EndedAt = Now() };
        Save();
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Save()
    {
        try
        {
            File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(tests, WalkTestJson.Default.ListWalkTest));
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a full disk is told elsewhere; the tests of this run are in memory
        }
    }

    /// <summary>What an earlier process kept; a file that cannot be read is as good as none, and a test that it broke off is abandoned.</summary>
    private static List<WalkTest> Load(string file)
    {
        try
        {
            var kept = File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), WalkTestJson.Default.ListWalkTest) : null;
            return [.. (kept ?? []).TakeLast(Kept).Select(test => test.Result == "running" ? test with { Result = "abandoned" } : test)];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<WalkTest>))]
internal sealed partial class WalkTestJson : JsonSerializerContext;
