using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>
/// The business day of a district: from one occupancy reset to the next, in the district's IANA time zone, so that the
/// last guests after midnight belong to the evening they came for. A day is the sum of its windows; it has 23
/// or 25 hours when the clocks change.
/// </summary>
internal sealed class BusinessDay(TimeZoneInfo zone, TimeOnly reset)
{
    public BusinessDay(District district) : this(district.TimeZone, district.OccupancyReset)
    {
    }

    /// <summary>The instant at which the day of a local date begins.</summary>
    /// <remarks>
    /// A reset time that the clocks skip moves to the first instant after the gap; one that they show twice is the first
    /// of the two.
    /// </remarks>
    /// <returns>s since the Unix epoch, UTC.</returns>
    public long StartOf(DateOnly date)
    {
        var local = date.ToDateTime(reset, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUnixTimeSeconds();
    }

    /// <summary>The local date of the business day that holds an instant.</summary>
    /// <param name="instant">s since the Unix epoch, UTC.</param>
    public DateOnly DateAt(long instant)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(instant), zone);
        var date = DateOnly.FromDateTime(local.DateTime).AddDays(1);
        while (StartOf(date) > instant)
            date = date.AddDays(-1);
        return date;
    }

    /// <summary>The newest reset at or before an instant: where occupancy last started from zero.</summary>
    public long AnchorAt(long instant) => StartOf(DateAt(instant));

    /// <summary>The first reset after an instant.</summary>
    public long NextAnchor(long instant) => StartOf(DateAt(instant).AddDays(1));
}
