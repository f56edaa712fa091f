namespace SmartDistrict.Configuration;

/// <summary>The two rival definitions of a capture rate in the trade.</summary>
public enum CaptureRate
{
    /// <summary>entries ÷ passers-by: the lines in front see those too who then come in.</summary>
    EntriesPerPasserBy,

    /// <summary>entries ÷ (entries + passers-by): the lines in front see only those who go by.</summary>
    EntriesPerPresence,
}

/// <summary>How this district wants its numbers defined and shown: the key <c>numbers</c> of its file.</summary>
/// <param name="SmallCountsBelow">Reports and exports show no count of people below this, except zero.</param>
/// <param name="Groups">Zones that are counted as one.</param>
/// <param name="PassingLines">Zone → the lines in front of it: whoever crosses one, in either direction, passes by.</param>
/// <param name="Queues">Zones that people wait in, in a queue.</param>
public sealed record NumbersRules(
    CaptureRate CaptureRate, int SmallCountsBelow, IReadOnlyList<ZoneGroup> Groups,
    IReadOnlyDictionary<string, IReadOnlyList<string>> PassingLines, IReadOnlySet<string> Queues)
{
    public const int UsualSmallCounts = 5;

    /// <summary>What holds where the district's file says nothing.</summary>
    public static NumbersRules Usual { get; } =
        new(CaptureRate.EntriesPerPasserBy, UsualSmallCounts, [], new Dictionary<string, IReadOnlyList<string>>(), new HashSet<string>());
}

/// <summary>Zones that are counted as one: who walks among them has not come in again.</summary>
public sealed record ZoneGroup(string Id, LocalName Name, IReadOnlyList<string> Zones);
