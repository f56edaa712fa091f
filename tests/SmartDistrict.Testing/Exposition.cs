using System.Globalization;
using System.Text.RegularExpressions;

namespace SmartDistrict.Testing;

/// <summary>
/// Reads the Prometheus text format 0.0.4 and holds it to its rules (Prometheus documentation, "Exposition formats"): line feeds,
/// HELP and TYPE once and before their samples, one group per metric, names, escapes, numbers, no sample twice.
/// </summary>
public sealed partial class Exposition
{
    private readonly Dictionary<string, Family> families = [];

    private Exposition()
    {
    }

    public IReadOnlyDictionary<string, Family> Families => families;

    /// <exception cref="FormatException">A rule is broken; the text says which, and in which line.</exception>
    public static Exposition Parse(string text)
    {
        var read = new Exposition();
        if (text.Length > 0 && text[^1] != '\n')
            throw new FormatException("the last line must end with a line feed");
        Family? current = null;
        var number = 0;
        foreach (var line in text.Split('\n')[..^1])
        {
            number++;
            try
            {
                current = read.Line(line, current);
            }
            catch (FormatException e)
            {
                throw new FormatException($"line {number}, {line}: {e.Message}", e);
            }
        }
        return read;
    }

    public double Value(string name, params (string Label, string Value)[] labels) =>
        families.TryGetValue(name, out var family) && family.Samples.TryGetValue(Key(labels.Select(label => (label.Label, label.Value))), out var value)
            ? value
            : throw new KeyNotFoundException($"no {name}{{{Key(labels.Select(label => (label.Label, label.Value)))}}}");

    private Family? Line(string line, Family? current)
    {
        if (line.Length == 0)
            return current;
        if (line.Contains('\r', StringComparison.Ordinal))
            throw new FormatException("lines end with a line feed alone");
        if (line[0] == '#')
            return Comment(line, current);
        var sample = SamplePattern().Match(line);
        if (!sample.Success)
            throw new FormatException("no sample");
        var name = sample.Groups["name"].Value;
        if (current is null || current.Name != name)
            throw new FormatException("a sample must stand in the group of its HELP and TYPE");
        if (current.Type is null)
            throw new FormatException("TYPE must stand before the first sample");
        var labels = sample.Groups["label"].Captures.Zip(sample.Groups["value"].Captures, (label, value) => (label.Value, Unescape(value.Value))).ToList();
        if (labels.Select(label => label.Item1).Distinct().Count() != labels.Count)
            throw new FormatException("a label stands twice");
        var value = sample.Groups["number"].Value switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        if (current.Type == "counter" && value < 0)
            throw new FormatException("a counter is never negative");
        if (!current.Samples.TryAdd(Key(labels), value))
            throw new FormatException("the sample stands twice");
        return current;
    }

    private Family? Comment(string line, Family? current)
    {
        var match = CommentPattern().Match(line);
        if (!match.Success)
            return line.StartsWith("# HELP", StringComparison.Ordinal) || line.StartsWith("# TYPE", StringComparison.Ordinal)
                ? throw new FormatException("malformed HELP or TYPE")
                : current;
        var name = match.Groups["name"].Value;
        if (current?.Name != name)
        {
            current = new Family(name);
            if (!families.TryAdd(name, current))
                throw new FormatException("the lines of one metric must stand together");
        }
        if (current.Samples.Count > 0)
            throw new FormatException("HELP and TYPE stand before the samples");
        if (match.Groups["kind"].Value == "TYPE")
        {
            if (current.Type is not null)
                throw new FormatException("a second TYPE");
            current.Type = match.Groups["text"].Value is var type && type is "counter" or "gauge" or "histogram" or "summary" or "untyped" ? type
                : throw new FormatException("no such type");
        }
        else
        {
            if (current.Help is not null)
                throw new FormatException("a second HELP");
            current.Help = Unescape(match.Groups["text"].Value);
        }
        return current;
    }

    private static string Key(IEnumerable<(string Label, string Value)> labels) =>
        string.Join(",", labels.OrderBy(label => label.Label, StringComparer.Ordinal).Select(label => $"{label.Label}={label.Value}"));

    private static string Unescape(string text) => EscapePattern().Replace(text, escape => escape.Value switch
    {
        "\\\\" => "\\",
        "\\n" => "\n",
        "\\\"" => "\"",
        var other => throw new FormatException($"no such escape: {other}"),
    });

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\.)*)"(,(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\.)*)")*,?\})? (?<number>NaN|[+-]Inf|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)( -?[0-9]+)?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex SamplePattern();

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"\\.")]
    private static partial Regex EscapePattern();

    public sealed class Family(string name)
    {
        public string Name => name;

        public string? Type { get; set; }

        public string? Help { get; set; }

        /// <summary>By labels, in order of their names.</summary>
        public Dictionary<string, double> Samples { get; } = [];
    }
}
