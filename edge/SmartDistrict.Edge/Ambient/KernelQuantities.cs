using System.Globalization;
using System.Text.RegularExpressions;

namespace SmartDistrict.Edge.Ambient;

/// <summary>A measured value. Its name says quantity and unit, such as <c>temperature_celsius</c>.</summary>
public readonly record struct Measured(string Name, double Value);

/// <summary>What the attributes of the kernel's sensor drivers mean.</summary>
/// <remarks>
/// hwmon (hwmon/sysfs-interface): <c>temp</c> m°C, <c>humidity</c> m%, <c>in</c> mV. IIO (ABI/testing/sysfs-bus-iio), either
/// <c>_input</c> or (<c>_raw</c> + <c>_offset</c>) × <c>_scale</c>: temp m°C, humidityrelative m%, pressure kPa, distance m,
/// illuminance lx, voltage mV. A channel's scale and offset may be shared by all channels of its type.
/// </remarks>
internal static partial class KernelQuantities
{
    private static readonly Dictionary<string, Quantity> Known = new()
    {
        ["temp"] = new("temperature", "celsius", 0.001, -100, 300),
        ["humidity"] = new("humidity", "percent", 0.001, 0, 100),
        ["humidityrelative"] = new("humidity", "percent", 0.001, 0, 100),
        ["pressure"] = new("pressure", "hectopascal", 10, 300, 1200),
        ["distance"] = new("distance", "metres", 1, 0, 1000),
        ["illuminance"] = new("illuminance", "lux", 1, 0, 300_000),
        ["voltage"] = new("voltage", "volts", 0.001, -1000, 1000),
        ["in"] = new("voltage", "volts", 0.001, -1000, 1000),
    };

    /// <summary>Makes values of attributes, in the order of their names.</summary>
    /// <param name="attributes">Attribute → text, as read.</param>
    /// <param name="problem">The first attribute that is no number, or beyond what its quantity can be; it is left out. Null where all are sound.</param>
    public static List<Measured> Read(IReadOnlyDictionary<string, string> attributes, out string? problem)
    {
        problem = null;
        var values = new List<Measured>();
        foreach (var (attribute, text) in attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (Channel().Match(attribute) is not { Success: true } match || !Known.TryGetValue(match.Groups["type"].Value, out var quantity))
                continue;
            var channel = attribute[..attribute.LastIndexOf('_')];
            var shared = match.Groups["iio"].Value + match.Groups["type"].Value;
            double? scale = 1, offset = 0;
            if (match.Groups["form"].Value == "raw")
            {
                // the kernel's own conversion goes before ours
                if (attributes.ContainsKey($"{channel}_input"))
                    continue;
                scale = Number(attributes, $"{channel}_scale") ?? Number(attributes, $"{shared}_scale") ?? 1;
                offset = Number(attributes, $"{channel}_offset") ?? Number(attributes, $"{shared}_offset") ?? 0;
            }
            // the numbers have at most nine decimals; what lies behind is the binary fraction's
            var value = Number(text) is { } number ? Math.Round((number + offset.Value) * scale.Value * quantity.Factor, 9) : (double?)null;
            if (value is not { } sound || sound < quantity.Least || sound > quantity.Most)
                problem ??= $"'{attribute}' is '{text}', which is no {quantity.Name} from {quantity.Least} to {quantity.Most} {quantity.Unit}";
            else if (values.TrueForAll(other => other.Name != Name(quantity, match)))
                values.Add(new(Name(quantity, match), sound));
        }
        return values;
    }

    /// <summary>The first channel (hwmon counts from 1, IIO from 0) has the plain name, another its number or what it looks at.</summary>
    private static string Name(Quantity quantity, Match match)
    {
        var number = match.Groups["number"].Value;
        var plain = match.Groups["iio"].Success ? "0" : "1";
        return quantity.Name + (number.Length == 0 || number == plain ? "" : $"_{number}") + match.Groups["of"].Value + "_" + quantity.Unit;
    }

    private static double? Number(IReadOnlyDictionary<string, string> attributes, string name) =>
        attributes.TryGetValue(name, out var text) ? Number(text) : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    [GeneratedRegex("^(?<iio>in_)?(?<type>[a-z]+)(?<number>[0-9]*)(?<of>_[a-z]+)?_(?<form>input|raw)$")]
    private static partial Regex Channel();

    /// <param name="Factor">Our unit in the kernel's.</param>
    private sealed record Quantity(string Name, string Unit, double Factor, double Least, double Most);
}
