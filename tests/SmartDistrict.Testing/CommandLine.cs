using System.Globalization;

namespace SmartDistrict.Testing;

/// <summary>The options of a command: <c>--name value</c> pairs, each known and each at most once.</summary>
public sealed class CommandLine
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <exception cref="CommandLineException">An option is unknown, given twice or lacks its value.</exception>
    public CommandLine(IReadOnlyList<string> arguments, params string[] known)
    {
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !known.Contains(name[2..]))
                throw new CommandLineException($"unknown option '{name}'; known are {string.Join(", ", known.Select(k => "--" + k))}");
            if (i + 1 == arguments.Count)
                throw new CommandLineException($"option {name} lacks its value");
            if (!values.TryAdd(name[2..], arguments[i + 1]))
                throw new CommandLineException($"option {name} is given twice");
        }
    }

    public string? Text(string name) => values.GetValueOrDefault(name);

    public string Required(string name) => Text(name) ?? throw new CommandLineException($"option --{name} is missing");

    public int? Whole(string name, int least, int most) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new CommandLineException($"--{name} is '{text}': give a whole number from {least} to {most}");

    public double? Number(string name, double least, double most) => Text(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new CommandLineException(string.Create(CultureInfo.InvariantCulture, $"--{name} is '{text}': give a number from {least} to {most}"));

    /// <summary>A length of time such as <c>90s</c>, <c>15m</c>, <c>24h</c>.</summary>
    public TimeSpan? Duration(string name, TimeSpan most)
    {
        if (Text(name) is not { } text)
            return null;
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && TimeSpan.FromSeconds((double)count * unit) <= most
            ? TimeSpan.FromSeconds((double)count * unit)
            : throw new CommandLineException($"--{name} is '{text}': give a time such as 90s, 15m or 24h, at most {most.TotalHours:0} h");
    }
}

/// <summary>The command was called wrongly; the message says how to call it.</summary>
public sealed class CommandLineException(string message) : Exception(message);
