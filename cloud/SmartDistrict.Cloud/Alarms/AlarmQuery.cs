using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>Which alarms are asked for.</summary>
public sealed class AlarmQuery : PageQuery
{
    [Description("open (where nothing is said), cleared or all.")]
    [FromQuery(Name = "state")]
    [AllowedValues(null, "open", "cleared", "all", ErrorMessage = "state is not one of open, cleared and all")]
    public string? State { get; set; }

    [Description("Only alarms that stand for themselves: no consequences of an open alarm.")]
    [FromQuery(Name = "top")]
    public bool? Top { get; set; }

    [Description("Only the consequences of this alarm.")]
    [FromQuery(Name = "cause")]
    [Range(1, long.MaxValue, ErrorMessage = "cause is the number of an alarm, from 1")]
    public long? Cause { get; set; }

    [Description("Only of this kind.")]
    [FromQuery(Name = "kind")]
    public string? Kind { get; set; }

    [Description("Only as grave as this or graver: warning or critical.")]
    [FromQuery(Name = "severity")]
    [AllowedValues(null, "warning", "critical", ErrorMessage = "severity is not one of warning and critical")]
    public string? Severity { get; set; }

    [Description("Only of this zone, device, gateway or district; of a gateway with its devices.")]
    [FromQuery(Name = "subject")]
    [StringLength(63, ErrorMessage = "subject is a site id of at most 63 characters")]
    public string? Subject { get; set; }

    [Description("true: only acknowledged ones; false: only those that nobody has acknowledged.")]
    [FromQuery(Name = "acknowledged")]
    public bool? Acknowledged { get; set; }

    [Description("true: only muted ones; false: only those that are not.")]
    [FromQuery(Name = "muted")]
    public bool? Muted { get; set; }

    [Description("Only what this person sees to.")]
    [FromQuery(Name = "assignee")]
    [StringLength(100, ErrorMessage = "assignee has at most 100 characters")]
    public string? Assignee { get; set; }

    [Description("Only alarms raised from this instant on, ISO 8601 with an offset.")]
    [FromQuery(Name = "from")]
    public string? From { get; set; }

    [Description("Only alarms raised before this instant, ISO 8601 with an offset.")]
    [FromQuery(Name = "to")]
    public string? To { get; set; }

    [Description("severity (where nothing is said): the gravest first, of equal ones the newest; newest or oldest: by when they were raised.")]
    [FromQuery(Name = "order")]
    [AllowedValues(null, "severity", "newest", "oldest", ErrorMessage = "order is not one of severity, newest and oldest")]
    public string? Order { get; set; }

    [Description("Only what follows this alarm: next of the page before.")]
    [FromQuery(Name = "after")]
    [Range(1, long.MaxValue, ErrorMessage = "after is the number of an alarm, from 1")]
    public long? After { get; set; }

    /// <summary>Reads the query, or says what is wrong with it.</summary>
    internal bool TryRead(District district, long now, out AlarmSelection selection, out ProblemHttpResult? problem)
    {
        selection = null!;
        problem = Instant("from", From, out var from) ?? Instant("to", To, out _);
        _ = Instant("to", To, out var to);
        if (problem is null && Kind is not null && AlarmKinds.Find(Kind) is null)
            problem = Problems.Problem.BadRequest("kind-unknown", $"kind ({Kind}) is not one of {string.Join(", ", AlarmKinds.All.Select(kind => kind.Code))}");
        if (problem is null && from >= to)
            problem = Problems.Problem.BadRequest("range-empty", $"from ({From}) is not before to ({To}): exchange them, or leave one out");
        if (problem is not null)
            return false;
        var subjects = Subject is null ? null : district.Devices.Where(device => device.Gateway == Subject).Select(device => device.Id).Prepend(Subject);
        selection = new(this, subjects is null ? null : JsonSerializer.Serialize(subjects), from, to, now);
        return true;
    }

    private static ProblemHttpResult? Instant(string name, string? text, out long? milliseconds)
    {
        milliseconds = null;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var problem = SpanQuery.Instant(name, text, out var instant);
        milliseconds = instant.ToUnixTimeMilliseconds();
        return problem;
    }
}

/// <summary>A question for alarms that makes sense.</summary>
internal sealed record AlarmSelection(AlarmQuery Query, string? SubjectsJson, long? From, long? To, long Now)
{
    private const string Where =
        """
        WHERE ($1 = 'all' OR ($1 = 'open') = (a.cleared IS NULL))
          AND (NOT $2 OR a.cause IS NULL OR NOT EXISTS (SELECT 1 FROM alarm c WHERE c.id = a.cause AND c.cleared IS NULL))
          AND ($3 IS NULL OR a.cause = $3) AND ($4 IS NULL OR a.kind = $4) AND a.severity >= $5
          AND ($6 IS NULL OR a.subject IN (SELECT value FROM json_each($6)))
          AND ($7 IS NULL OR $7 = (a.acknowledged IS NOT NULL))
          AND ($8 IS NULL OR $8 = (coalesce(m.until, 0) > $9))
          AND ($10 IS NULL OR a.assignee = $10) AND ($11 IS NULL OR a.raised >= $11) AND ($12 IS NULL OR a.raised < $12)
        """;

    public int Count(StateRows rows) =>
        (int)(long)rows.Value("SELECT count(*) FROM alarm a LEFT JOIN alarm_mute m ON m.kind = a.kind AND m.subject = a.subject " + Where, Values)!;

    /// <summary>A page, and one alarm more where there is a next one.</summary>
    public List<Alarm> Read(StateRows rows)
    {
        var (after, order) = Query.Order switch
        {
            "newest" => ("a.id < $13", "a.id DESC"),
            "oldest" => ("a.id > $13", "a.id"),
            _ => ("(a.severity, a.id) < (SELECT severity, id FROM alarm WHERE id = $13)", "a.severity DESC, a.id DESC"),
        };
        return rows.List($"{AlarmTables.Select}{Where} AND ($13 IS NULL OR {after}) ORDER BY {order} LIMIT $14", AlarmTables.Read, [.. Values, Query.After, Query.OneMore]);
    }

    private object?[] Values =>
    [
        Query.State ?? "open", Query.Top ?? false, Query.Cause, Query.Kind, (int)(Query.Severity switch { "critical" => Severity.Critical, _ => Severity.Warning }),
        SubjectsJson, Query.Acknowledged, Query.Muted, Now, Query.Assignee, From, To,
    ];
}
