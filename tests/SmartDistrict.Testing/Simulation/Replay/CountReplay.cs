namespace SmartDistrict.Testing.Simulation.Replay;

/// <summary>
/// Real hourly counts as people: each hour's count of each sensor becomes the mean of a Poisson process, drawn by seed.
/// The replay feels the same weekday and hour as the clock shows in Melbourne, in the newest weeks of the data; when
/// these end it goes back a week.
/// </summary>
public sealed class CountReplay : ICrossingSource
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly PedestrianCounts counts;
    private readonly Random random;
    private readonly double speed;
    private readonly DateTimeOffset start;
    private readonly DateTimeOffset origin;
    private readonly PriorityQueue<int, (long At, int Sensor)> arrivals = new();

    /// <param name="counts">What was counted.</param>
    /// <param name="options">Start, history, speed and seed.</param>
    /// <param name="from">The instant of the data at which the replay starts; by default of the same weekday and hour as
    /// <see cref="SimulationOptions.Start"/>, as late as leaves a day to go.</param>
    public CountReplay(PedestrianCounts counts, SimulationOptions options, DateTimeOffset? from = null)
    {
        this.counts = counts;
        speed = options.Speed;
        start = options.Start;
        origin = from ?? SameHourOfTheWeek(options.Start, counts.Last);
        random = Chance.For(options.Seed, "replay");
        for (var sensor = 0; sensor < counts.Sensors.Count; sensor++)
            Plan(sensor, (options.Start - options.History).ToUnixTimeMilliseconds());
    }

    public long Next => arrivals.TryPeek(out _, out var first) ? first.At : long.MaxValue;

    public Crossing Take()
    {
        arrivals.TryDequeue(out var sensor, out var first);
        Plan(sensor, first.At);
        return new Crossing(sensor, first.At, Entry: true);
    }

    /// <summary>Whether a sensor was at work at the start of the replay.</summary>
    public bool Works(int sensor) => counts.At(sensor, Hour(Felt(start.ToUnixTimeMilliseconds()))) is not null;

    /// <summary>The data's instant that is felt at an instant of the clock (ms since the Unix epoch).</summary>
    public DateTimeOffset Felt(long at)
    {
        var past = DateTimeOffset.FromUnixTimeMilliseconds(at) - start;
        var felt = origin + (past > TimeSpan.Zero ? past * speed : past);
        var end = EndOf(counts.Last);
        return felt < end ? felt : felt - Week * Math.Ceiling((felt - end + TimeSpan.FromTicks(1)) / Week);
    }

    /// <summary>
    /// The next arrival after an instant. Within an hour the rate is constant; as the process has no memory, a draw that
    /// leaves the hour is drawn again from its end.
    /// </summary>
    private void Plan(int sensor, long after)
    {
        var at = (double)after;
        for (var tries = 0; tries < 24 * 14; tries++)
        {
            var felt = Felt((long)at);
            var pace = at < start.ToUnixTimeMilliseconds() ? 1 : speed;
            var left = TimeSpan.FromHours(1) - (felt - new DateTimeOffset(felt.UtcTicks - felt.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero));
            var end = at + Math.Max(1, left.TotalMilliseconds / pace);
            if (at < start.ToUnixTimeMilliseconds())
                end = Math.Min(end, start.ToUnixTimeMilliseconds());
            var perMillisecond = PerMillisecond(sensor, felt) * pace;
            var next = perMillisecond > 0 ? at - Math.Log(1 - random.NextDouble()) / perMillisecond : double.MaxValue;
            if (next < end)
            {
                arrivals.Enqueue(sensor, (Math.Max(after, (long)next), sensor));
                return;
            }
            at = end;
        }
    }

    /// <summary>A local hour that the clock runs through twice holds the people of both.</summary>
    private double PerMillisecond(int sensor, DateTimeOffset felt)
    {
        var hour = Hour(felt);
        return (counts.At(sensor, hour) ?? 0) / (PedestrianCounts.TimeZone.IsAmbiguousTime(hour) ? 7_200_000.0 : 3_600_000.0);
    }

    private static DateTime Hour(DateTimeOffset felt)
    {
        var local = TimeZoneInfo.ConvertTime(felt, PedestrianCounts.TimeZone).DateTime;
        return new DateTime(local.Year, local.Month, local.Day, local.Hour, 0, 0, DateTimeKind.Unspecified);
    }

    private static DateTimeOffset EndOf(DateTime localHour) =>
        new DateTimeOffset(localHour, PedestrianCounts.TimeZone.GetUtcOffset(localHour)).AddHours(1);

    /// <summary>Local time counts, not UTC: at noon in winter it is noon in the summer of the data.</summary>
    private static DateTimeOffset SameHourOfTheWeek(DateTimeOffset now, DateTime last)
    {
        var local = TimeZoneInfo.ConvertTime(now, PedestrianCounts.TimeZone).DateTime;
        var then = local - Week * Math.Ceiling((local - last.AddDays(-1)) / Week);
        return new DateTimeOffset(then, PedestrianCounts.TimeZone.GetUtcOffset(then));
    }
}
