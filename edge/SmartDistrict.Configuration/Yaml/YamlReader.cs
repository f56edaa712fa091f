namespace SmartDistrict.Configuration.Yaml;

/// <summary>
/// Reads the keys of one mapping. Every value that is absent, of a wrong type or out of range becomes a problem and
/// reads as null, so that reading goes on to the end; <see cref="End"/> reports the keys that nobody asked for.
/// </summary>
/// <param name="subject">What the mapping describes, for messages: "zone 'plaza-01'".</param>
public sealed class YamlReader(string subject, YamlMapping mapping, ConfigurationProblems problems)
{
    private readonly HashSet<string> asked = [];

    public string Subject { get; set; } = subject;

    public YamlMapping Mapping { get; } = mapping;

    public ConfigurationProblems Problems { get; } = problems;

    /// <summary>Whether a key is given, with any value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value's node; null where the key is absent.</summary>
    public YamlNode? Find(string key)
    {
        asked.Add(key);
        foreach (var entry in Mapping.Entries)
            if (entry.Key.Text == key)
                return entry.Value;
        return null;
    }

    /// <summary>Where to point for a key: at its value, or at the mapping where it is absent.</summary>
    public YamlNode Place(string key) => Find(key) ?? Mapping;

    public YamlNode? Required(string key, string example)
    {
        var node = Find(key);
        if (node is null)
            Problems.Add(Mapping, $"{Subject} has no '{key}'", $"add '{key}: {example}'");
        return node;
    }

    public string? RequiredText(string key, string example) => Required(key, example) is { } node ? TextOf(node, key) : null;

    public string? Text(string key) => Find(key) is { } node ? TextOf(node, key) : null;

    public long? RequiredWhole(string key, string example, long min, long max) =>
        Required(key, example) is { } node ? WholeOf(node, key, min, max) : null;

    public long? Whole(string key, long min, long max) => Find(key) is { } node ? WholeOf(node, key, min, max) : null;

    /// <summary>A finite number above zero.</summary>
    public double? Positive(string key)
    {
        if (Find(key) is not { } node)
            return null;
        if ((node as YamlScalar)?.Number is { } value && value > 0)
            return value;
        Wrong(node, key, "a number above 0");
        return null;
    }

    /// <summary>A finite number within limits.</summary>
    public double? Number(string key, double min, double max)
    {
        if (Find(key) is not { } node)
            return null;
        if ((node as YamlScalar)?.Number is { } value && value >= min && value <= max)
            return value;
        Wrong(node, key, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
        return null;
    }

    public bool Flag(string key)
    {
        if (Find(key) is not { } node)
            return false;
        if ((node as YamlScalar)?.Boolean is { } value)
            return value;
        Wrong(node, key, "'true' or 'false'");
        return false;
    }

    /// <summary>One word of a list.</summary>
    public string? Choice(string key, IReadOnlyCollection<string> words, bool required = false)
    {
        var node = required ? Required(key, words.First()) : Find(key);
        if (node is null)
            return null;
        if (node is YamlScalar { IsText: true } scalar && words.Contains(scalar.Text))
            return scalar.Text;
        var near = node is YamlScalar { IsText: true } text ? Spelling.Nearest(text.Text, words) : null;
        Problems.Add(node, $"'{key}' of {Subject} is {node.Sort}",
            near is null ? $"write one of: {string.Join(", ", words)}" : $"write '{near}' if that is what you meant; possible are: {string.Join(", ", words)}");
        return null;
    }

    public YamlReader? Map(string key, string childSubject) => Find(key) is { } node ? MapOf(node, key, childSubject) : null;

    /// <summary>The items of a list; empty where the key is absent or no list.</summary>
    public IReadOnlyList<YamlNode> Items(string key, string? required = null)
    {
        var node = required is null ? Find(key) : Required(key, required);
        if (node is null)
            return [];
        if (node is YamlSequence sequence)
            return sequence.Items;
        Wrong(node, key, "a list");
        return [];
    }

    /// <summary>A reader for each mapping of a list; other items are reported.</summary>
    public IEnumerable<YamlReader> Maps(string key, string childSubject, string? required = null)
    {
        foreach (var item in Items(key, required))
            if (MapOf(item, key, childSubject) is { } reader)
                yield return reader;
    }

    public string? TextOf(YamlNode node, string key)
    {
        if (node is not YamlScalar scalar || scalar.IsNull)
            Wrong(node, key, "text");
        else if (!scalar.IsText)
            Problems.Add(node, $"'{key}' of {Subject} is {node.Sort}, where text is expected", $"put it in quotes: \"{scalar.Text}\"");
        else if (scalar.Text.Length == 0)
            Problems.Add(node, $"'{key}' of {Subject} is empty", "write its text, or remove the key");
        else
            return scalar.Text;
        return null;
    }

    public long? WholeOf(YamlNode node, string key, long min, long max)
    {
        if ((node as YamlScalar)?.Whole is { } value && value >= min && value <= max)
            return value;
        Wrong(node, key, $"a whole number from {min} to {max}");
        return null;
    }

    /// <summary>Reports a value of a wrong type.</summary>
    public void Wrong(YamlNode node, string key, string expected) =>
        Problems.Add(node, $"'{key}' of {Subject} is {node.Sort}, where {expected} is expected", $"write {expected}");

    /// <summary>Reports every key that was given but never asked for, with the known key it resembles.</summary>
    public void End()
    {
        foreach (var (key, _) in Mapping.Entries)
            if (!asked.Contains(key.Text))
                Problems.Add(key, $"{Subject} has the unknown key '{key.Text}'",
                    Spelling.Nearest(key.Text, asked) is { } near
                        ? $"write '{near}' if that is what you meant"
                        : $"remove it; known keys are: {string.Join(", ", asked)}");
    }

    private YamlReader? MapOf(YamlNode node, string key, string childSubject)
    {
        if (node is YamlMapping mapping)
            return new YamlReader(childSubject, mapping, Problems);
        Wrong(node, key, "keys and values");
        return null;
    }
}
