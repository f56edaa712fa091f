using System.Text;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// The topic that a profile's devices publish to. A level is fixed, <c>+</c> (any), or holds one of the places
/// <c>{district}</c>, <c>{device}</c> (the device's site id), <c>{address}</c> (its address) and <c>{channel}</c>; a last
/// level <c>#</c> stands for any number of levels.
/// </summary>
internal sealed class TopicPattern
{
    public static readonly string[] Places = ["{district}", "{device}", "{address}", "{channel}"];
    private readonly Level[] levels;

    private TopicPattern(string text, Level[] levels)
    {
        Text = text;
        this.levels = levels;
    }

    public string Text { get; }

    public bool HasChannel => levels.Any(level => level.Place == "{channel}");

    /// <summary>Whether devices are told apart by address, not by site id.</summary>
    public bool UsesAddress => levels.Any(level => level.Place == "{address}");

    /// <summary>Reads a pattern.</summary>
    /// <param name="error">Null, or what is wrong, as the end of the sentence "the topic …".</param>
    public static TopicPattern? Parse(string text, out string? error)
    {
        var parts = text.Split('/');
        var levels = new Level[parts.Length];
        error = text.Length > 512 ? "is longer than 512 characters" : text.Contains('\0', StringComparison.Ordinal) ? "contains NUL" : null;
        for (var i = 0; i < parts.Length && error is null; i++)
        {
            var part = parts[i];
            var open = part.IndexOf('{', StringComparison.Ordinal);
            var place = Places.FirstOrDefault(place => part.Contains(place, StringComparison.Ordinal));
            if (part is "+" or "#")
            {
                levels[i] = new Level([], [], part);
                error = part == "#" && i < parts.Length - 1 ? "has '#' before its last level" : null;
            }
            else if (part.AsSpan().IndexOfAny("+#") >= 0)
                error = $"has the wildcard level '{part}', which must stand alone";
            else if (place is null)
            {
                levels[i] = new Level(Encoding.UTF8.GetBytes(part), [], null);
                error = open < 0 && !part.Contains('}', StringComparison.Ordinal) ? null : $"has the unknown place '{part}'; known are {string.Join(", ", Places)}";
            }
            else
            {
                var (before, after) = (part[..part.IndexOf(place, StringComparison.Ordinal)], part[(part.IndexOf(place, StringComparison.Ordinal) + place.Length)..]);
                levels[i] = new Level(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after), place);
                error = (before + after).AsSpan().IndexOfAny("{}") >= 0 ? $"has more than one place in the level '{part}'" : null;
            }
        }
        if (error is null && levels.Count(level => level.Place is "{device}" or "{address}") != 1)
            error = "must hold '{address}' or '{device}' exactly once: it tells the devices apart";
        if (error is null && levels.Count(level => level.Place == "{channel}") > 1)
            error = "holds '{channel}' twice";
        return error is null ? new TopicPattern(text, levels) : null;
    }

    /// <summary>The MQTT filter that hears every device of this pattern in a district.</summary>
    public string Filter(string district) => string.Join('/', levels.Select(level => level.Place switch
    {
        null => Encoding.UTF8.GetString(level.Before),
        "{district}" => Encoding.UTF8.GetString(level.Before) + district + Encoding.UTF8.GetString(level.After),
        "#" => "#",
        _ => "+",
    }));

    /// <summary>A topic that fits.</summary>
    public string Example(string site, string channel) => string.Join('/', levels.Select(level => level.Place switch
    {
        null => Encoding.UTF8.GetString(level.Before),
        "+" or "#" => "any",
        "{channel}" => Encoding.UTF8.GetString(level.Before) + channel + Encoding.UTF8.GetString(level.After),
        _ => Encoding.UTF8.GetString(level.Before) + site + Encoding.UTF8.GetString(level.After),
    }));

    /// <summary>Compares a topic with the pattern.</summary>
    /// <param name="device">What stands in the place of <c>{device}</c> or <c>{address}</c>.</param>
    /// <param name="channel">What stands in the place of <c>{channel}</c>; empty where the pattern has none.</param>
    public bool Match(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> district, out ReadOnlySpan<byte> device, out ReadOnlySpan<byte> channel)
    {
        device = channel = default;
        var rest = topic;
        for (var i = 0; i < levels.Length; i++)
        {
            ref readonly var level = ref levels[i];
            if (level.Place == "#")
                return true;
            var slash = rest.IndexOf((byte)'/');
            if (slash < 0 != (i == levels.Length - 1))
                return slash < 0 && i == levels.Length - 2 && levels[^1].Place == "#" && MatchLevel(level, rest, district, ref device, ref channel);
            if (!MatchLevel(level, slash < 0 ? rest : rest[..slash], district, ref device, ref channel))
                return false;
            rest = rest[(slash + 1)..];
        }
        return true;
    }

    private static bool MatchLevel(in Level level, ReadOnlySpan<byte> text, ReadOnlySpan<byte> district,
        ref ReadOnlySpan<byte> device, ref ReadOnlySpan<byte> channel)
    {
        if (level.Place is null)
            return text.SequenceEqual(level.Before);
        if (level.Place == "+")
            return true;
        if (text.Length <= level.Before.Length + level.After.Length || !text.StartsWith(level.Before) || !text.EndsWith(level.After))
            return false;
        var inner = text[level.Before.Length..^level.After.Length];
        if (level.Place == "{district}")
            return inner.SequenceEqual(district);
        if (level.Place == "{channel}")
            channel = inner;
        else
            device = inner;
        return true;
    }

    private readonly record struct Level(byte[] Before, byte[] After, string? Place);
}
