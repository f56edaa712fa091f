using System.Globalization;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Replay;

/// <summary>What <c>smartdistrict-edge replay</c> was asked for. Times are as written: what zone they are in, the district says.</summary>
internal sealed record ReplayArguments(
    string Config, string From, string To, IReadOnlyList<string> With, string? Data, Resolution Resolution, bool Json)
{
    public const string Usage = """
        usage: smartdistrict-edge replay --config FILE --from TIME --to TIME [--with CHANGE ...] [--data DIR] [--windows 1m|15m|1h] [--json]
          folds the journal's records anew, once with the present settings and once with each CHANGE, and prints which
          windows that start in [from, to) differ. A running gateway is not disturbed, and nothing is kept.
          TIME    2026-03-02, 2026-03-02T08:00 (the district's time), or 2026-03-02T08:00:00Z
          CHANGE  Fold:Setting=VALUE | settings.json | a profile's or a district's YAML file | a folder of profiles
        """;

    private static readonly string[] Known = ["--config", "--from", "--to", "--with", "--data", "--windows", "--json"];

    private static readonly string[] Forms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    /// <exception cref="ReplayException">An option is unknown, missing, given twice or of no use.</exception>
    public static ReplayArguments Parse(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>();
        var with = new List<string>();
        var json = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            // --name=value is --name value
            var equals = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i].IndexOf('=', StringComparison.Ordinal) : -1;
            var name = equals < 0 ? arguments[i] : arguments[i][..equals];
            if (!Known.Contains(name))
                throw new ReplayException($"'{name}' is no option of replay. Mend: {Spelling.Mend(name, Known, "leave it out")}.");
            if (name == "--json")
            {
                json = true;
                continue;
            }
            if (equals < 0 && i + 1 == arguments.Count)
                throw new ReplayException($"{name} lacks its value. Mend: write it behind the option.");
            var value = equals < 0 ? arguments[++i] : arguments[i][(equals + 1)..];
            if (name == "--with")
                with.Add(value);
            else if (!given.TryAdd(name, value))
                throw new ReplayException($"{name} is given twice. Mend: keep one of the two.");
        }
        var resolution = Resolution.QuarterHour;
        if (given.TryGetValue("--windows", out var windows) && !Resolutions.TryParse(windows, out resolution))
            throw new ReplayException($"--windows is '{windows}'. Mend: write 1m, 15m or 1h.");
        return new(
            Required("--config", "the gateway's settings file"), Required("--from", "the beginning, as in 2026-03-02"),
            Required("--to", "the end, as in 2026-03-03"), with, given.GetValueOrDefault("--data"), resolution, json);

        string Required(string name, string what) => given.TryGetValue(name, out var value)
            ? value
            : throw new ReplayException($"{name} is missing. Mend: give {what}.");
    }

    /// <summary>The range [from, to), ms since the Unix epoch.</summary>
    /// <param name="zone">Of times that state none.</param>
    /// <exception cref="ReplayException">A time cannot be read, or the range is empty or reversed.</exception>
    public (long From, long To) Range(TimeZoneInfo zone)
    {
        var (from, to) = (Instant("--from", From, zone), Instant("--to", To, zone));
        if (to <= from)
            throw new ReplayException($"the range is {(to == from ? "empty" : "reversed")}: --from is {From}, --to is {To}. Mend: let --to be later than --from.");
        return (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
    }

    private static DateTimeOffset Instant(string name, string text, TimeZoneInfo zone)
    {
        // a local hour that happens twice is its first, as in the payloads of devices
        if (DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
        if (text.Length > 10 && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            return instant;
        throw new ReplayException($"{name} is '{text}', which is no time. Mend: write 2026-03-02, 2026-03-02T08:00 or 2026-03-02T08:00:00Z.");
    }
}

/// <summary>The command cannot do what it was asked for; the message says why and the mend.</summary>
internal sealed class ReplayException(string message, int code = 64) : Exception(message)
{
    /// <summary>Exit code: 64 for a wrong call, 1 for a journal that cannot be read.</summary>
    public int Code { get; } = code;
}
