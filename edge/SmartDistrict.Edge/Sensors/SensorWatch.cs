namespace SmartDistrict.Edge.Sensors;

/// <summary>
/// Learns what is usual on each line at each hour of the week, and judges each closed hour by it and by what the neighbours
/// count in the same hour. A part of the fold: a pure function of the windows that close, stored in the fold's checkpoint.
/// </summary>
/// <remarks>Belongs to the fold's thread; <see cref="StateOf"/> may be read by any.</remarks>
internal sealed class SensorWatch
{
    /// <summary>So many neighbours are asked, and no fewer than the second number can outvote a line.</summary>
    private const int Asked = 6;

    private const int Quorum = 3;

    private readonly SensorTables tables;
    private readonly TimeZoneInfo zone;
    private readonly int[] keys;
    private readonly int[][] neighbours;
    private readonly LineJudge[] judges;
    private readonly SensorState[] states;
    private readonly Lock gate = new();
    private readonly Dictionary<(int Line, int Slot), UsualHour> unsaved = [];
    private readonly double?[] deviations;
    private long newest = long.MinValue;

    /// <param name="zone">Where an hour of the week is an hour of people's week.</param>
    /// <param name="keys">Of each line its number in the tables.</param>
    /// <param name="neighbours">Of each line the others, the nearest first.</param>
    public SensorWatch(SensorTables tables, TimeZoneInfo zone, int[] keys, int[][] neighbours)
    {
        this.tables = tables;
        this.zone = zone;
        this.keys = keys;
        this.neighbours = neighbours;
        judges = [.. keys.Select(tables.Judge)];
        states = [.. judges.Select(judge => judge.State)];
        deviations = new double?[keys.Length];
    }

    /// <summary>How a line's sensor stands.</summary>
    public SensorState StateOf(int line)
    {
        lock (gate)
            return states[line];
    }

    /// <summary>An hour has closed.</summary>
    /// <param name="start">Its start, s since the Unix epoch; an hour before one that was judged is not judged any more.</param>
    /// <param name="hours">Each line of which anything is known in it, at most once.</param>
    public void Observe(long start, IReadOnlyList<LineHour> hours)
    {
        if (start <= newest)
            return;
        newest = start;
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(start), zone);
        var slot = ((int)local.DayOfWeek * 24) + local.Hour;
        var day = local.DateTime.Ticks / TimeSpan.TicksPerDay;
        Array.Clear(deviations);
        foreach (var hour in hours)
            if (hour.Whole && Usual(hour.Line, slot) is var usual && judges[hour.Line].Witnesses(usual))
                deviations[hour.Line] = Robust.LogRatio(hour.People, usual.Median);
        foreach (var hour in hours)
        {
            var judge = judges[hour.Line];
            var usual = Usual(hour.Line, slot);
            judge.Judge(hour, usual, Neighbourhood(hour.Line), start, day);
            if (hour.Whole && judge.Learns)
                unsaved[(hour.Line, slot)] = usual.With(hour.Entries, hour.Exits);
        }
        lock (gate)
            for (var line = 0; line < states.Length; line++)
                states[line] = judges[line].State;
    }

    /// <summary>Stores what changed, as part of a checkpoint.</summary>
    public void Save()
    {
        foreach (var ((line, slot), usual) in unsaved)
            tables.SaveUsual(keys[line], slot, usual);
        for (var line = 0; line < judges.Length; line++)
            if (judges[line].Dirty)
                tables.SaveJudge(keys[line], judges[line]);
    }

    /// <summary>The checkpoint has been committed.</summary>
    public void Saved()
    {
        unsaved.Clear();
        foreach (var judge in judges)
            judge.Dirty = false;
    }

    private UsualHour Usual(int line, int slot) =>
        unsaved.TryGetValue((line, slot), out var usual) ? usual : tables.Usual(keys[line], slot);

    private double Neighbourhood(int line)
    {
        Span<double> votes = stackalloc double[Asked];
        var count = 0;
        foreach (var neighbour in neighbours[line])
            if (deviations[neighbour] is { } deviation && count < Asked)
                votes[count++] = deviation;
        votes = votes[..count];
        votes.Sort();
        return count < Quorum ? 0 : (votes[(count - 1) / 2] + votes[count / 2]) / 2;
    }
}
