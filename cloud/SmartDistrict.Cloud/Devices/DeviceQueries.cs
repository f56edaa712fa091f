using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Devices;

/// <summary>A span of quarter hours of a device.</summary>
public sealed class DeviceSpanQuery : SpanQuery
{
    /// <summary>Days of one answer.</summary>
    internal const int MostDays = 31;

    internal bool TryRead(DateTimeOffset now, out Span span, out ProblemHttpResult? problem)
    {
        if (TryRead(Resolution.QuarterHour, now, out span, out problem) && span.To - span.From > MostDays * 86_400L)
            problem = Problem.BadRequest("range-too-long", $"from ({From}) to to ({To}) is more than {MostDays} days: ask for a shorter span");
        return problem is null;
    }
}
