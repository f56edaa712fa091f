using System.Buffers.Binary;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Telemetry.Readings;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>What is wrong with two beams, for status and health.</summary>
/// <param name="Name">A word: blocked, misaligned, gone, unknown.</param>
internal sealed record BeamTrouble(string Name, string Cause, string NextStep);

/// <summary>
/// Folds what the gateway noted of two beams: kernel times become event times, people become readings, and what nobody saw
/// makes its windows partial.
/// </summary>
/// <remarks>
/// A quiet door is a fact, too: while the beams are watched each minute that passes is a reading of nobody. It needs records
/// in steady succession, which a running gateway writes; after a break only the next start of the beams says how it stands.
/// </remarks>
internal sealed class BeamFold
{
    /// <summary>Edges reach the journal this much later than the kernel saw them, at most; more only costs a count.</summary>
    private const long Delay = 1_000_000_000;

    /// <summary>A running gateway writes a record at least every minute and a few seconds, ms.</summary>
    private const long Break = 75_000;

    private const int OwnBytes = 5 * 8;
    private readonly FoldState state;
    private readonly string device;
    private readonly int line;
    private readonly bool reversed;
    private readonly DualBeam counter;
    private readonly long grace;
    private ReceiveStamp last;

    /// <summary>The minute that is being watched: its start, s since the Unix epoch; 0 before the first start.</summary>
    private long minute;

    /// <summary>The minute of the first record after the last break.</summary>
    private long steadySince;
    private string? gone;
    private BeamTrouble? trouble;

    public BeamFold(string device, DualBeamEntry beams, int line, bool reversed, FoldState state, FoldOptions options)
    {
        (this.device, this.line, this.reversed, this.state) = (device, line, reversed, state);
        grace = options.GraceSeconds * 1000L;
        counter = new DualBeam(new BeamGeometry(beams.Spacing, beams.LongestPerson), beams.Blocked);
        if (state.Beams(device) is { } stored)
            Restore(stored);
        Judge();
    }

    /// <summary>People and quiet minutes found by the last call.</summary>
    public List<Reading> Readings { get; } = [];

    /// <summary>Times, ms since the Unix epoch, at whose windows something is missing, found by the last call.</summary>
    public List<long> Incomplete { get; } = [];

    /// <summary>Null while all is well; may be read by any thread.</summary>
    public BeamTrouble? Trouble => Volatile.Read(ref trouble);

    /// <summary>When time itself says something of the beams, ms since the Unix epoch: a minute is over, or a beam is blocked.</summary>
    public long Due
    {
        get
        {
            var due = minute == 0 || gone is not null ? long.MaxValue : ((minute + 60) * 1000) + grace;
            return counter.Due is { } blocked ? Math.Min(due, Wall(blocked + Delay) + 1) : due;
        }
    }

    /// <summary>A record of any kind was read: time has passed.</summary>
    /// <returns>Whether the beams are watched and there is anything to book.</returns>
    public bool Pass(in ReceiveStamp stamp)
    {
        Clear();
        if (minute == 0)
            return false;
        var (before, steady) = (minute, stamp.WallNanoseconds - last.WallNanoseconds is >= 0 and < Break * 1_000_000);
        if (!steady)
            Incomplete.Add(last.WallMilliseconds);
        last = stamp;
        counter.Advance(stamp.MonotonicNanoseconds - Delay);
        minute = Resolution.Minute.WindowStart(stamp.WallMilliseconds);
        if (!steady)
            steadySince = minute;
        else if (counter.Known)
            for (var quiet = before; quiet < minute; quiet += 60)
                Readings.Add(new Reading(line, ReadingKind.Heartbeat, (quiet + 60) * 1000, quiet * 1000, 0, 0));
        Take();
        return minute != before && gone is null;
    }

    /// <summary>A notice of the beams was read.</summary>
    /// <returns>Edges that were lost, as it says.</returns>
    public long Take(GpioNotice notice, in ReceiveStamp stamp)
    {
        Clear();
        var lost = 0L;
        switch (notice)
        {
            case GpioNotice.Start start:
                Interrupt();
                last = stamp;
                minute = steadySince = Resolution.Minute.WindowStart(stamp.WallMilliseconds);
                gone = null;
                counter.Start(start.At, Level(start.Levels, "a"), Level(start.Levels, "b"));
                break;
            case GpioNotice.Edges edges:
                last = stamp;
                foreach (var edge in edges.List)
                    if (edge.Line is "a" or "b")
                        counter.Observe(new BeamEdge(edge.Time, edge.Line == "a" ? Beam.A : Beam.B, edge.Level == 1));
                break;
            case GpioNotice.Lost loss:
                last = stamp;
                foreach (var (role, count) in loss.Counts)
                {
                    lost += count;
                    counter.Lose(loss.At, role == "a" ? Beam.A : Beam.B);
                }
                break;
            case GpioNotice.Gone away:
                Interrupt();
                last = stamp;
                gone = away.Reason;
                counter.Stop(away.At);
                break;
        }
        Take();
        return lost;
    }

    /// <summary>Stores everything, as part of a checkpoint.</summary>
    public void Save()
    {
        var own = counter.ToBytes();
        var bytes = new byte[OwnBytes + own.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, last.WallNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), last.MonotonicNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), (long)last.State);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), minute);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), steadySince);
        own.CopyTo(bytes, OwnBytes);
        state.SaveBeams(device, bytes, gone ?? "");
    }

    private void Restore((byte[] Bytes, string Gone) stored)
    {
        var bytes = stored.Bytes.AsSpan();
        if (bytes.Length < OwnBytes)
            return;
        last = new ReceiveStamp(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), (ClockState)bytes[16]);
        minute = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        steadySince = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        gone = stored.Gone.Length == 0 ? null : stored.Gone;
        counter.Restore(bytes[OwnBytes..]);
    }

    /// <summary>
    /// Nothing is known since the beams were last watched. When that was no record says; minutes up to <see cref="Break"/> ago
    /// may have been taken for quiet already.
    /// </summary>
    private void Interrupt()
    {
        if (minute == 0)
            return;
        counter.Stop(last.MonotonicNanoseconds);
        Take();
        for (var doubtful = Math.Max(steadySince, minute - 120); doubtful <= minute; doubtful += 60)
            Incomplete.Add(doubtful * 1000);
    }

    private void Clear()
    {
        Readings.Clear();
        Incomplete.Clear();
    }

    private void Take()
    {
        foreach (var passage in counter.Passages)
        {
            var (at, entry) = (Wall(passage.At), passage.Inward != reversed);
            Readings.Add(new Reading(line, ReadingKind.Increment, at, at, entry ? passage.People : 0, entry ? 0 : passage.People, passage.Ambiguous));
        }
        foreach (var gap in counter.Gaps)
        {
            Incomplete.Add(Wall(gap.From));
            Incomplete.Add(Wall(gap.To));
        }
        counter.Passages.Clear();
        counter.Gaps.Clear();
        Judge();
    }

    /// <summary>Wall clock at a kernel time of this boot, ms since the Unix epoch.</summary>
    private long Wall(long kernel) => (last.WallNanoseconds + (kernel - last.MonotonicNanoseconds)) / 1_000_000;

    private static bool Level(IReadOnlyDictionary<string, int> levels, string role) => levels.TryGetValue(role, out var level) && level == 1;

    private void Judge() => Volatile.Write(ref trouble, (gone, counter.Fault) switch
    {
        ({ } reason, _) => new BeamTrouble("gone", reason, "mend what it says; the gateway tries again by itself"),
        (_, BeamFault.BlockedA) => Blocked("beam a is"),
        (_, BeamFault.BlockedB) => Blocked("beam b is"),
        (_, BeamFault.BlockedBoth) => Blocked("both beams are"),
        (_, BeamFault.MisalignedB) => Misaligned("b", "a"),
        (_, BeamFault.MisalignedA) => Misaligned("a", "b"),
        _ when minute != 0 && !counter.Known => new BeamTrouble("unknown", "nobody is counted until both beams are clear: edges were lost, or it has just started", "wait for a moment without people"),
        _ => null,
    });

    private static BeamTrouble Blocked(string which) =>
        new("blocked", $"{which} broken without a pause", "clear what stands between sender and receiver; check the sender's power and lens; check 'active_low'");

    private static BeamTrouble Misaligned(string silent, string seen) =>
        new("misaligned", $"beam {silent} stays clear when beam {seen} is broken", $"align sender and receiver of beam {silent}; check that its receiver sees no other light, and its wire");
}
