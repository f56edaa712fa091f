using System.Text;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// Where in a payload a value stands: a JSON Pointer (RFC 6901, with ~0 for "~" and ~1 for "/") and two steps more:
/// <c>*</c> for every element of an array, and <c>[name=fw]</c> for the element of an array whose member "name" is "fw".
/// </summary>
internal sealed class JsonPointer
{
    private JsonPointer(string text, IReadOnlyList<Step> steps)
    {
        Text = text;
        Steps = steps;
    }

    public string Text { get; }

    public IReadOnlyList<Step> Steps { get; }

    /// <summary>Reads a pointer.</summary>
    /// <param name="error">Null, or what is wrong, as the end of the sentence "the pointer …".</param>
    public static JsonPointer? Parse(string text, out string? error)
    {
        error = null;
        if (!text.StartsWith('/'))
        {
            error = "does not begin with '/'";
            return null;
        }
        var steps = new List<Step>();
        foreach (var part in text[1..].Split('/'))
        {
            if (part == "*")
                steps.Add(new Step(StepKind.Each, [], []));
            else if (part.StartsWith('[') && part.EndsWith(']'))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (equals < 2 || equals == part.Length - 2)
                {
                    error = $"has the selector '{part}', which is not of the form [member=value]";
                    return null;
                }
                steps.Add(new Step(StepKind.Select, Bytes(part[1..equals]), Bytes(part[(equals + 1)..^1])));
            }
            else if (part.Length == 0)
            {
                error = "has an empty step";
                return null;
            }
            else
                steps.Add(new Step(StepKind.Member, Bytes(part), []));
        }
        if (steps.Count > 16)
            error = "has more than 16 steps";
        return error is null ? new JsonPointer(text, steps) : null;
    }

    private static byte[] Bytes(string part) =>
        Encoding.UTF8.GetBytes(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

    internal enum StepKind
    {
        Member,
        Each,
        Select,
    }

    /// <param name="Name">Member name; of a selector, the member that is compared.</param>
    /// <param name="Value">Of a selector, the text that the member must have.</param>
    internal sealed record Step(StepKind Kind, byte[] Name, byte[] Value);
}
