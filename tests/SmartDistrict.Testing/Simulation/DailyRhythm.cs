namespace SmartDistrict.Testing.Simulation;

/// <summary>
/// How busy a shopping quarter is over the day and the week, in its own time zone: office workers at lunch and after
/// work from Monday to Friday, families all afternoon at the weekend. 1 is the weekday peak; it never falls to 0,
/// because ferries and convenience stores work at night.
/// </summary>
/// <param name="zone">The district's time zone.</param>
/// <param name="origin">Instant up to which the rhythm follows the clock.</param>
/// <param name="speed">How many times faster than the clock the rhythm runs after <paramref name="origin"/>; 24 lets a
/// day's ebb and flow pass within an hour. People walk no faster and events keep the true time.</param>
public sealed class DailyRhythm(TimeZoneInfo zone, DateTimeOffset origin, double speed = 1)
{
    /// <summary>The busiest moment of the week.</summary>
    public const double Highest = 1.25;

    private static readonly double[] Weekday =
        [0.16, 0.14, 0.13, 0.12, 0.12, 0.14, 0.22, 0.42, 0.55, 0.48, 0.52, 0.74, 1.00, 0.84, 0.62, 0.58, 0.64, 0.82, 1.00, 0.96, 0.78, 0.52, 0.30, 0.20];

    private static readonly double[] Weekend =
        [0.20, 0.16, 0.14, 0.13, 0.12, 0.13, 0.16, 0.22, 0.36, 0.58, 0.80, 1.00, 1.10, 1.10, 1.15, 1.18, 1.20, 1.20, 1.25, 1.22, 1.00, 0.66, 0.40, 0.26];

    /// <summary>The instant whose ebb and flow holds at <paramref name="instant"/>.</summary>
    public DateTimeOffset Felt(DateTimeOffset instant) => instant <= origin ? instant : origin + (instant - origin) * speed;

    /// <summary>Arrivals as a share of the weekday peak, linear between the hours.</summary>
    public double At(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(Felt(instant), zone);
        var hour = OnTheHour(local);
        var next = OnTheHour(local.AddHours(1));
        return hour + (next - hour) * (local.Minute * 60 + local.Second) / 3600.0;
    }

    private static double OnTheHour(DateTimeOffset local) =>
        (local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? Weekend : Weekday)[local.Hour];
}
