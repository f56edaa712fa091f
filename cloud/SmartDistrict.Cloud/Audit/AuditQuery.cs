using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Problems;

namespace SmartDistrict.Cloud.Audit;

/// <summary>Which acts are asked for.</summary>
public sealed class AuditFilter
{
    [Description("Only what this person or token did.")]
    [FromQuery(Name = "who")]
    [StringLength(200, ErrorMessage = "who has at most 200 characters")]
    public string? Who { get; set; }

    [Description("Only acts of this kind (person.add), or of all kinds of a subject (person).")]
    [FromQuery(Name = "act")]
    [RegularExpression("^[a-z-]{0,40}([.][a-z-]{1,40})?$", ErrorMessage = "act is a name such as person.add, or its first part")]
    public string? Act { get; set; }

    [Description("Only acts from this instant on, ISO 8601 with an offset.")]
    [FromQuery(Name = "from")]
    public string? From { get; set; }

    [Description("Only acts before this instant, ISO 8601 with an offset.")]
    [FromQuery(Name = "to")]
    public string? To { get; set; }

    /// <summary>Reads the filter, or says what is wrong with it.</summary>
    internal bool TryRead(out AuditSelection selection, out ProblemHttpResult? problem)
    {
        problem = Instant("from", From, out var from) ?? Instant("to", To, out _);
        _ = Instant("to", To, out var to);
        selection = new(Given(Who), Given(Act), from, to);
        if (problem is null && from >= to)
            problem = Problem.BadRequest("range-empty", $"from ({From}) is not before to ({To}): exchange them, or leave one out");
        return problem is null;
    }

    private static ProblemHttpResult? Instant(string name, string? text, out long? milliseconds)
    {
        milliseconds = null;
        if (Given(text) is null)
            return null;
        var problem = SpanQuery.Instant(name, text, out var instant);
        milliseconds = instant.ToUnixTimeMilliseconds();
        return problem;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
