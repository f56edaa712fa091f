namespace SmartDistrict.Edge.Sensors;

/// <summary>One hour of a line, as it closed.</summary>
/// <param name="Line">Index of the line.</param>
/// <param name="Whole">Nearly all of its readings are there; of an hour with a gap, low counts say nothing.</param>
internal readonly record struct LineHour(int Line, long Entries, long Exits, bool Whole)
{
    public long People => Entries + Exits;
}

/// <summary>Judges one line's sensor by what it counts, hour by hour. Faults come late and go late: a single odd hour changes nothing.</summary>
internal sealed class LineJudge
{
    /// <summary>Zero hours in which so many people are usual even on a quiet day are no chance.</summary>
    private const double MissedPeople = 40;

    private const int ZeroHours = 2;
    private const int EqualHours = 5;

    /// <summary>Fewer people than this an hour are equal by chance.</summary>
    private const long FewestEqual = 6;

    /// <summary>A sensor that has recovered shows it for so long.</summary>
    private const int SoundHours = 3;

    /// <summary>Hours in which fewer are usual say little of a level.</summary>
    private const double FewestUsual = 20;

    private const byte Form = 1;

    private readonly Absence nobody = new();
    private readonly Absence noEntries = new();
    private readonly Absence noExits = new();
    private readonly DailyDrift level = new();
    private readonly DailyDrift balance = new();
    private (long Entries, long Exits) last = (-1, -1);
    private int equal;
    private int different;
    private bool stuck;
    private long day = long.MinValue;

    public SensorState State { get; private set; }

    /// <summary>Changed since it was last stored.</summary>
    public bool Dirty { get; set; }

    /// <summary>Whether this hour may become part of what is usual: the counts of a sensor that plainly fails must not.</summary>
    public bool Learns => !stuck && !nobody.Holds && !noEntries.Holds && !noExits.Holds;

    /// <summary>Whether the line can bear witness of its neighbourhood, and how many people are usual.</summary>
    public bool Witnesses(in UsualHour usual) => usual.Known && usual.Median >= FewestUsual && State.Fault == SensorFault.None;

    /// <summary>Judges an hour.</summary>
    /// <param name="usual">What is usual at this hour of the week.</param>
    /// <param name="neighbourhood">By how much the neighbours are above or below what is usual for them now, as a logarithm.</param>
    /// <param name="start">Start of the hour, s since the Unix epoch.</param>
    /// <param name="localDay">Number of the hour's local day.</param>
    public void Judge(in LineHour hour, in UsualHour usual, double neighbourhood, long start, long localDay)
    {
        Dirty = true;
        if (day != localDay)
        {
            level.EndDay(around: false);
            balance.EndDay(around: true);
            day = localDay;
        }
        Repeats(hour);
        if (usual.Known)
        {
            // where the whole neighbourhood is quiet fewer are to be expected, but a busy one proves nothing
            var quiet = Math.Min(1, Math.Exp(neighbourhood));
            nobody.Enter(hour.People == 0, usual.Low(true, true) * quiet);
            if (hour.People > 0)
            {
                var (entries, exits) = (usual.Low(true, false), usual.Low(false, true));
                noEntries.Enter(hour.Entries == 0, Math.Min(entries * quiet, hour.Exits * Share(entries, exits)));
                noExits.Enter(hour.Exits == 0, Math.Min(exits * quiet, hour.Entries * Share(exits, entries)));
            }
            if (hour is { Whole: true, People: > 0 } && usual.Median >= FewestUsual)
            {
                level.Add(Robust.LogRatio(hour.People, usual.Median) - neighbourhood);
                balance.Add(Robust.LogRatio(hour.Entries, hour.Exits));
            }
        }
        Conclude(hour, start);
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Form);
        writer.Write((byte)State.Fault);
        writer.Write(State.Since);
        writer.Write(State.Counted);
        writer.Write(State.Expected);
        foreach (var absence in Absences)
            absence.Write(writer);
        level.Write(writer);
        balance.Write(writer);
        writer.Write(last.Entries);
        writer.Write(last.Exits);
        writer.Write(equal);
        writer.Write(different);
        writer.Write(stuck);
        writer.Write(day);
        return bytes.ToArray();
    }

    /// <summary>As it was stored; one of an unknown form begins anew, which costs some days of learning.</summary>
    public static LineJudge FromBytes(byte[] stored)
    {
        var judge = new LineJudge();
        if (stored.Length == 0 || stored[0] != Form)
            return judge;
        using var reader = new BinaryReader(new MemoryStream(stored, 1, stored.Length - 1));
        judge.State = new((SensorFault)reader.ReadByte(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());
        foreach (var absence in judge.Absences)
            absence.Read(reader);
        judge.level.Read(reader);
        judge.balance.Read(reader);
        judge.last = (reader.ReadInt64(), reader.ReadInt64());
        judge.equal = reader.ReadInt32();
        judge.different = reader.ReadInt32();
        judge.stuck = reader.ReadBoolean();
        judge.day = reader.ReadInt64();
        return judge;
    }

    /// <summary>People of one direction for each of the other: where few are seen at all, none in one direction is chance.</summary>
    private static double Share(double of, double other) => of / Math.Max(1, other);

    private Absence[] Absences => [nobody, noEntries, noExits];

    private void Repeats(in LineHour hour)
    {
        if (last == (hour.Entries, hour.Exits) && hour.People >= FewestEqual)
        {
            equal++;
            different = 0;
        }
        else
        {
            equal = 1;
            different++;
        }
        last = (hour.Entries, hour.Exits);
        stuck = equal >= EqualHours || (stuck && different < SoundHours);
    }

    private void Conclude(in LineHour hour, long start)
    {
        var (fault, counted, expected) =
            nobody.Holds ? (SensorFault.Blind, 0, nobody.Missed)
            : stuck ? (SensorFault.Stuck, hour.People, 0)
            : noExits.Holds ? (SensorFault.NoExits, 0, noExits.Missed)
            : noEntries.Holds ? (SensorFault.NoEntries, 0, noEntries.Missed)
            : level.Drift > 0 ? (SensorFault.High, 100 * Math.Exp(level.Drift), 100)
            : level.Drift < 0 ? (SensorFault.Low, 100 * Math.Exp(level.Drift), 100)
            : balance.Drift != 0 ? (SensorFault.Imbalanced, 100 * Math.Exp(balance.Drift), 100)
            : (SensorFault.None, 0.0, 0.0);
        State = new(fault, fault == State.Fault ? State.Since : start, counted, expected);
    }

    /// <summary>People who are usually there do not come, hour after hour.</summary>
    private sealed class Absence
    {
        private int zeros;
        private int sound = SoundHours;

        public double Missed { get; private set; }

        public bool Holds { get; private set; }

        public void Enter(bool zero, double usual)
        {
            zeros = zero ? zeros + 1 : 0;
            sound = zero ? 0 : sound + 1;
            Missed = zero ? Missed + usual : Holds ? Missed : 0;
            if (zeros >= ZeroHours && Missed >= MissedPeople)
                Holds = true;
            else if (Holds && sound >= SoundHours)
                (Holds, Missed) = (false, 0);
        }

        public void Write(BinaryWriter to)
        {
            to.Write(zeros);
            to.Write(sound);
            to.Write(Missed);
            to.Write(Holds);
        }

        public void Read(BinaryReader from)
        {
            zeros = from.ReadInt32();
            sound = from.ReadInt32();
            Missed = from.ReadDouble();
            Holds = from.ReadBoolean();
        }
    }
}
