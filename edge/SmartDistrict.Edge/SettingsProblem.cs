using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Edge;

/// <summary>Says what is wrong with a setting by the name that stands in the configuration file: the framework tells of classes and their properties.</summary>
internal static partial class SettingsProblem
{
    /// <summary>A line for each setting that is beyond its limits.</summary>
    public static string Of(OptionsValidationException e)
    {
        var section = e.OptionsName.Length > 0 ? e.OptionsName : Section(e.OptionsType.Name);
        return string.Join(Environment.NewLine, e.Failures.Select(failure => Limit().Replace(failure, match => match.Groups[1].Length > 0 ? $"{section}:" : "")));
    }

    /// <summary>A setting that does not exist, or a value of another kind.</summary>
    public static string Of(InvalidOperationException e) => Unknown().Match(e.Message) is { Success: true } unknown
        ? $"{Section(unknown.Groups[1].Value)} has no setting {unknown.Groups[2].Value.TrimEnd('.')}: check its spelling, or remove it"
        : Converted().Match(e.Message) is { Success: true } converted
            ? $"{converted.Groups[2].Value} is '{converted.Groups[1].Value}': write {Kind(converted.Groups[3].Value)}"
            : $"{e.Message} {e.InnerException?.Message}".Trim();

    private static string Section(string type) => type.Replace("Options", "", StringComparison.Ordinal);

    private static string Kind(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" => "a number",
        "System.Boolean" => "true or false",
        "System.TimeSpan" => "a time as hours:minutes:seconds, such as 00:00:30",
        _ => "one of the values that the setting may have",
    };

    [GeneratedRegex(@"^\w+: (?:(The field \w+\.)|(?=\w+:))")]
    private static partial Regex Limit();

    [GeneratedRegex(@"not found on the instance of (?:\w+\.)*(\w+): (.+)$")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"^Failed to convert configuration value '(.*)' at '(.+)' to type '([^']+)'")]
    private static partial Regex Converted();
}
