using System.Globalization;
using System.Text.RegularExpressions;

namespace SmartDistrict.Configuration.Yaml;

/// <summary>A node of a YAML document with the place it was written at (1-based).</summary>
public abstract record YamlNode(int Line, int Column)
{
    /// <summary>What a person would call this node in a message.</summary>
    public abstract string Sort { get; }
}

/// <summary>A list.</summary>
public sealed record YamlSequence(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column)
{
    public override string Sort => "a list";
}

/// <summary>Keys and values, in the order of the file. Keys are unique: a repeated one was reported and left out.</summary>
public sealed record YamlMapping(int Line, int Column, IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries)
    : YamlNode(Line, Column)
{
    public override string Sort => "a mapping";
}

/// <summary>
/// A single value. What type an unquoted one has follows the core schema of YAML 1.2 (section 10.3), as the JSON Schema
/// validators of editors read it: <c>on</c>, <c>04:00</c> and dates are text, <c>0x1F</c> and <c>12e3</c> are numbers.
/// </summary>
public sealed partial record YamlScalar(int Line, int Column, string Text, bool Quoted) : YamlNode(Line, Column)
{
    public bool IsNull => !Quoted && Text is ("" or "~" or "null" or "Null" or "NULL");

    public bool? Boolean => Quoted ? null : Text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    /// <summary>The value as a whole number; null where it is none (or does not fit into 64 bits).</summary>
    public long? Whole
    {
        get
        {
            if (Quoted)
                return null;
            if (HexOrOctal().IsMatch(Text))
                return long.TryParse(Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) && Text[1] == 'x' ? hex : null;
            return DecimalInteger().IsMatch(Text) && long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
        }
    }

    /// <summary>The value as a finite number; null where it is none.</summary>
    public double? Number =>
        Whole is { } whole ? whole
        : !Quoted && Float().IsMatch(Text) && double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : null;

    /// <summary>Whether YAML takes the value for text and not for a number, a truth value or nothing.</summary>
    public bool IsText => Quoted || !(IsNull || Boolean is not null || LooksLikeNumber);

    public override string Sort =>
        IsNull ? "nothing" : Boolean is not null ? "a truth value" : !IsText ? $"the number {Text}" : $"the text '{Shorten(Text)}'";

    private bool LooksLikeNumber =>
        HexOrOctal().IsMatch(Text) || DecimalInteger().IsMatch(Text) || Float().IsMatch(Text) || NotFinite().IsMatch(Text);

    private static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 39), "…");

    [GeneratedRegex(@"^[-+]?[0-9]+$")]
    private static partial Regex DecimalInteger();

    [GeneratedRegex(@"^0(o[0-7]+|x[0-9a-fA-F]+)$")]
    private static partial Regex HexOrOctal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Float();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")]
    private static partial Regex NotFinite();
}
