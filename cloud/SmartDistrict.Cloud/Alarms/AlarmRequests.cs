using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>Says that alarms were seen.</summary>
public sealed record AcknowledgeRequest
{
    /// <summary>Numbers of the alarms; their open consequences are acknowledged with them.</summary>
    [Required(ErrorMessage = "alarms is missing: send the numbers of the alarms as a list in the field alarms")]
    [Length(1, 1000, ErrorMessage = "alarms has 1 to 1000 numbers")]
    public IReadOnlyList<long>? Alarms { get; init; }
}

/// <summary>Says who sees to an alarm.</summary>
public sealed record AssignRequest
{
    /// <summary>A person's name; null: nobody any more.</summary>
    [StringLength(100, MinimumLength = 1, ErrorMessage = "assignee has 1 to 100 characters, or is null")]
    public string? Assignee { get; init; }
}

/// <summary>A comment.</summary>
public sealed record CommentRequest
{
    /// <summary>The comment, plain text.</summary>
    [Required(ErrorMessage = "text is missing: write the comment in the field text")]
    [StringLength(2000, MinimumLength = 1, ErrorMessage = "text has 1 to 2000 characters")]
    public string? Text { get; init; }
}

/// <summary>Keeps an alarm quiet for a time.</summary>
public sealed record MuteRequest
{
    /// <summary>The end, ms since the Unix epoch; in the future, at most 30 days from now.</summary>
    [Required(ErrorMessage = "until is missing: send the end of the mute, ms since the Unix epoch")]
    public long? Until { get; init; }
}
