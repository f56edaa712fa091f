using System.Text.Json.Serialization;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>An alarm as it is kept. Times are ms since the Unix epoch.</summary>
/// <param name="Since">When the condition began.</param>
/// <param name="Raised">When it had held long enough.</param>
/// <param name="Cleared">When it ended; null while it is open.</param>
internal sealed record Alarm(long Id, string Kind, string Subject, Severity Severity, long Since, long Raised, long? Cleared)
{
    /// <summary>The highest severity that it had.</summary>
    public Severity Peak { get; init; }

    /// <summary>As it was when the severity changed last.</summary>
    public double? Figure { get; init; }

    /// <summary>The threshold that was reached; null of a state.</summary>
    public double? Threshold { get; init; }

    /// <summary>The worst figure so far.</summary>
    public double? Worst { get; init; }

    public string? Detail { get; init; }

    public Trust? Trust { get; init; }

    /// <summary>The alarm that explains this one.</summary>
    public long? Cause { get; init; }

    public long? Acknowledged { get; init; }

    public string? AcknowledgedBy { get; init; }

    public string? Assignee { get; init; }

    public long? MutedUntil { get; init; }

    public string? MutedBy { get; init; }

    public (string Kind, string Subject) Key => (Kind, Subject);

    /// <summary>Whether it stands for itself and may be told of.</summary>
    public bool IsNews(long now) => Cause is null && !(MutedUntil > now);
}

/// <summary>What can happen to an alarm.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlarmEventKind>))]
public enum AlarmEventKind
{
    /// <summary>It began.</summary>
    [JsonStringEnumMemberName("raised")]
    Raised,

    /// <summary>A warning became critical; an acknowledgement of the warning does not hold for that.</summary>
    [JsonStringEnumMemberName("worse")]
    Worse,

    /// <summary>Critical became a warning.</summary>
    [JsonStringEnumMemberName("better")]
    Better,

    /// <summary>It ended.</summary>
    [JsonStringEnumMemberName("cleared")]
    Cleared,

    /// <summary>What explained it is over, and it is still there: it stands for itself now.</summary>
    [JsonStringEnumMemberName("alone")]
    Alone,

    [JsonStringEnumMemberName("acknowledged")]
    Acknowledged,

    /// <summary>The text is the assignee; none: nobody any more.</summary>
    [JsonStringEnumMemberName("assigned")]
    Assigned,

    [JsonStringEnumMemberName("commented")]
    Commented,

    /// <summary>The text is the end, ms since the Unix epoch.</summary>
    [JsonStringEnumMemberName("muted")]
    Muted,

    /// <summary>By somebody, or because the time was over.</summary>
    [JsonStringEnumMemberName("unmuted")]
    Unmuted,
}

internal static class AlarmEventKinds
{
    private static readonly AlarmEventKind[] All = Enum.GetValues<AlarmEventKind>();

    public static string Name(this AlarmEventKind kind) => kind.ToString().ToLowerInvariant();

    public static AlarmEventKind Parse(string name) => Array.Find(All, kind => kind.Name() == name);

    /// <summary>The threshold of a severity; null of a state.</summary>
    public static double? Threshold(this AlarmSetting setting, AlarmKind kind, Severity severity) =>
        kind.Sense == AlarmSense.State ? null : severity == Severity.Critical ? setting.Critical : setting.Warning;
}
