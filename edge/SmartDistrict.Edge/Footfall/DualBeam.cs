using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SmartDistrict.Edge.Footfall;

/// <summary>What keeps two beams from counting, for the technician.</summary>
public enum BeamFault
{
    None,

    /// <summary>Broken without a pause for longer than people stand in a door: something stands in it, or its sender is dark.</summary>
    BlockedA,
    BlockedB,
    BlockedBoth,

    /// <summary>While A is broken again and again, B stays clear: it sees another sender's light, or points elsewhere.</summary>
    MisalignedB,
    MisalignedA,
}

/// <summary>Nothing is known of who passed in [From, To].</summary>
/// <param name="From">Kernel time, ns.</param>
public readonly record struct BeamGap(long From, long To);

/// <summary>
/// Counts who walks through two parallel light beams, and in which direction, from the kernel's edges. It knows nothing
/// of clocks, files and threads; the same edges give the same counts.
/// </summary>
/// <remarks>
/// Invariant: while it is <see cref="Known"/> and no beam is broken it holds no edges; an episode lasts from the first
/// broken beam until both are clear, and is then explained at once. What it has found waits in <see cref="Passages"/>
/// and <see cref="Gaps"/> until it is taken. All times are ns of the kernel's monotonic clock.
/// </remarks>
public sealed class DualBeam
{
    /// <summary>Episodes by which the alignment is judged; of so many in a row that only one beam saw, this many make a fault.</summary>
    private const int Judged = 20;
    private const int TooManyAlone = 16;
    private const int FewEnoughAlone = 8;

    private const byte Version = 1;
    private const int FixedBytes = 4 + (6 * 8);
    private const int EdgeBytes = 9;

    /// <summary>A body that is shorter than the beams are apart breaks them one after the other: not later than this.</summary>
    private const long OneAfterTheOther = 500_000_000;

    private readonly BeamGeometry geometry;
    private readonly long blockedAfter;
    private readonly List<BeamEdge> episode = [];

    /// <summary>Whether each beam is broken; null where that is not known.</summary>
    private readonly bool?[] broken = [null, null];

    /// <summary>Since when each beam is as it is.</summary>
    private readonly long[] since = [0, 0];

    /// <summary>The newest episodes, two bits each, the newest lowest: 0 none, 1 both beams, 2 A alone, 3 B alone.</summary>
    private ulong newest;

    /// <summary>The last episode, where one beam alone saw it.</summary>
    private (Beam Beam, long Up, long Down)? alone;

    /// <summary>Since when nothing is known, while it is not <see cref="Known"/>.</summary>
    private long unknownSince;

    private bool misaligned;

    /// <param name="geometry">How the beams stand.</param>
    /// <param name="blockedAfter">A beam that is broken for this long is blocked.</param>
    public DualBeam(BeamGeometry geometry, TimeSpan blockedAfter)
    {
        this.geometry = geometry;
        this.blockedAfter = blockedAfter.Ticks * 100;
    }

    /// <summary>Whether it is known who passes: false from a start, a loss or a fault until both beams are clear.</summary>
    public bool Known { get; private set; }

    public BeamFault Fault { get; private set; }

    /// <summary>People found, in the order of the episodes' ends.</summary>
    public List<Passage> Passages { get; } = [];

    /// <summary>Times of which nothing is known, as soon as they end and as soon as they begin.</summary>
    public List<BeamGap> Gaps { get; } = [];

    /// <summary>When <see cref="Advance"/> may find a beam blocked; null while none is broken, or it is found already.</summary>
    public long? Due
    {
        get
        {
            long? due = null;
            foreach (var beam in (int[])[0, 1])
                if (broken[beam] == true && !IsBlocked((Beam)beam) && !(since[beam] + blockedAfter >= due))
                    due = since[beam] + blockedAfter;
            return due;
        }
    }

    /// <summary>The beams were taken into use, or taken again: what was before is not known.</summary>
    public void Start(long at, bool a, bool b)
    {
        Forget(at);
        unknownSince = at;
        (broken[0], broken[1]) = (a, b);
        (since[0], since[1]) = (at, at);
        Fault = BeamFault.None;
        Judge();
        Recover(at);
    }

    /// <summary>Edges of a beam were lost before <paramref name="at"/>: how it is now, only its next edge says.</summary>
    public void Lose(long at, Beam beam)
    {
        Forget(at);
        broken[(int)beam] = null;
        Unblock(beam);
    }

    /// <summary>The beams are no longer observed.</summary>
    public void Stop(long at)
    {
        Forget(at);
        broken[0] = broken[1] = null;
        Fault = BeamFault.None;
        Judge();
    }

    /// <summary>A beam was broken or became clear. An edge that repeats the last one shows that others were lost.</summary>
    public void Observe(in BeamEdge edge)
    {
        Advance(edge.Time);
        var beam = (int)edge.Beam;
        if (broken[beam] == edge.Broken)
            Forget(edge.Time);
        broken[beam] = edge.Broken;
        since[beam] = edge.Time;
        if (!edge.Broken)
            Unblock(edge.Beam);
        if (!Known)
        {
            Recover(edge.Time);
            return;
        }
        episode.Add(edge);
        if (broken[0] == false && broken[1] == false)
            End();
        else if (episode.Count == BeamEpisode.MaxEdges)
            Forget(edge.Time);
    }

    /// <summary>Time has passed without an edge, which may show that a beam is blocked. Never needed for a count.</summary>
    public void Advance(long at)
    {
        foreach (var beam in (Beam[])[Beam.A, Beam.B])
            if (broken[(int)beam] == true && at - since[(int)beam] >= blockedAfter && !IsBlocked(beam))
            {
                Forget(since[(int)beam] + blockedAfter);
                Fault = Fault is BeamFault.BlockedA or BeamFault.BlockedB ? BeamFault.BlockedBoth : beam == Beam.A ? BeamFault.BlockedA : BeamFault.BlockedB;
            }
    }

    /// <summary>
    /// Everything it knows, for a checkpoint: 52 bytes and 9 for each edge of the episode under way. What waits in
    /// <see cref="Passages"/> and <see cref="Gaps"/> is not part of it.
    /// </summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[FixedBytes + (EdgeBytes * episode.Count)];
        var to = bytes.AsSpan();
        to[0] = Version;
        to[1] = (byte)Fault;
        to[2] = (byte)((Known ? 1 : 0) | (misaligned ? 2 : 0) | (alone is null ? 0 : alone.Value.Beam == Beam.A ? 4 : 8));
        to[3] = (byte)(Level(broken[0]) | (Level(broken[1]) << 2));
        foreach (var (at, number) in new[] { since[0], since[1], unknownSince, (long)newest, alone?.Up ?? 0, alone?.Down ?? 0 }.Index())
            BinaryPrimitives.WriteInt64LittleEndian(to[(4 + (8 * at))..], number);
        to = to[FixedBytes..];
        foreach (var edge in episode)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to, edge.Time);
            to[8] = (byte)((int)edge.Beam | (edge.Broken ? 2 : 0));
            to = to[EdgeBytes..];
        }
        return bytes;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="bytes">What <see cref="ToBytes"/> gave; of another version nothing is taken over, and the counter waits for a start.</param>
    public void Restore(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedBytes || bytes[0] != Version)
            return;
        Fault = (BeamFault)bytes[1];
        Known = (bytes[2] & 1) != 0;
        misaligned = (bytes[2] & 2) != 0;
        (broken[0], broken[1]) = (Level(bytes[3] & 3), Level(bytes[3] >> 2));
        (since[0], since[1], unknownSince, newest) = (Number(bytes, 0), Number(bytes, 1), Number(bytes, 2), (ulong)Number(bytes, 3));
        alone = (bytes[2] & 12) == 0 ? null : ((bytes[2] & 4) != 0 ? Beam.A : Beam.B, Number(bytes, 4), Number(bytes, 5));
        episode.Clear();
        for (var from = bytes[FixedBytes..]; from.Length >= EdgeBytes; from = from[EdgeBytes..])
            episode.Add(new BeamEdge(BinaryPrimitives.ReadInt64LittleEndian(from), (Beam)(from[8] & 1), (from[8] & 2) != 0));
    }

    private static long Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[(4 + (8 * at))..]);

    private static int Level(bool? level) => level is null ? 2 : level.Value ? 1 : 0;

    private static bool? Level(int level) => level switch { 0 => false, 1 => true, _ => null };

    private void End()
    {
        var edges = CollectionsMarshal.AsSpan(episode);
        var (first, last) = (edges[0], edges[^1]);
        var both = false;
        foreach (var edge in edges)
            both |= edge.Beam != first.Beam;
        if (both)
        {
            Passages.AddRange(BeamEpisode.Explain(edges, geometry));
            alone = null;
        }
        else if (alone is { } before && before.Beam != first.Beam && first.Time - before.Down <= OneAfterTheOther)
        {
            // shorter than the beams are apart, or faster than the debounce: somebody all the same
            Passages.Add(new Passage((before.Up + last.Time) / 2, before.Beam == Beam.A, 1, 1));
            alone = null;
            newest >>= 2;
            both = true;
        }
        else
            alone = (first.Beam, first.Time, last.Time);
        newest = (newest << 2 | (both ? 1u : first.Beam == Beam.A ? 2u : 3u)) & ((1UL << (2 * Judged)) - 1);
        Judge();
        if (misaligned && !both)
            Gaps.Add(new BeamGap(first.Time, last.Time));
        episode.Clear();
    }

    /// <summary>Finds or clears misalignment, which gives way to a blocked beam.</summary>
    private void Judge()
    {
        Span<int> count = [0, 0, 0, 0];
        for (var i = 0; i < Judged; i++)
            count[(int)(newest >> (2 * i)) & 3]++;
        misaligned = Math.Max(count[2], count[3]) >= TooManyAlone || (misaligned && Math.Max(count[2], count[3]) > FewEnoughAlone);
        if (Fault is BeamFault.None or BeamFault.MisalignedA or BeamFault.MisalignedB)
            Fault = !misaligned ? BeamFault.None : count[2] > count[3] ? BeamFault.MisalignedB : BeamFault.MisalignedA;
    }

    private bool IsBlocked(Beam beam) => Fault == BeamFault.BlockedBoth || Fault == (beam == Beam.A ? BeamFault.BlockedA : BeamFault.BlockedB);

    private void Unblock(Beam beam)
    {
        if (!IsBlocked(beam))
            return;
        Fault = Fault != BeamFault.BlockedBoth ? BeamFault.None : beam == Beam.A ? BeamFault.BlockedB : BeamFault.BlockedA;
        Judge();
    }

    /// <summary>From here on, and of the episode under way, nothing is known.</summary>
    private void Forget(long at)
    {
        var from = episode.Count > 0 ? Math.Min(episode[0].Time, at) : at;
        if (Known)
            Gaps.Add(new BeamGap(unknownSince = from, at));
        Known = false;
        alone = null;
        episode.Clear();
    }

    private void Recover(long at)
    {
        if (broken[0] != false || broken[1] != false)
            return;
        Known = true;
        Gaps.Add(new BeamGap(unknownSince, at));
    }
}
