using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Assets;

/// <summary>How lockers, kiosks and carts stand, from their newest points. Pure functions of points and time.</summary>
/// <param name="now">What there is to know was read then, ms since the Unix epoch.</param>
/// <param name="storeAway">The store has not been read for a while: nothing is known to be present.</param>
internal readonly struct AssetStandings(long now, bool storeAway)
{
    private const int Misses = 3;

    public static readonly TimeSpan LockerOffline = Misses * LockerPoint.Every;
    public static readonly TimeSpan KioskOffline = Misses * KioskPoint.Every;
    public static readonly TimeSpan CartLost = Misses * CartPose.Every;
    public static readonly TimeSpan NonContactable = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan NotLocated = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Missing = TimeSpan.FromHours(24);

    /// <param name="points">The newest points of its compartments.</param>
    public LockerInfo Locker(LockerEntry entry, IEnumerable<LockerPoint> points)
    {
        var known = points.ToArray();
        var counts = Count(entry.Compartments, known);
        long? seen = known.Length == 0 ? null : known.Max(point => point.At) * 1000;
        var offline = IsOver(seen, LockerOffline);
        var state = seen is null ? LockerState.Unknown
            : offline || counts.Unknown == counts.All ? LockerState.Offline
            : counts.Forced > 0 ? LockerState.Forced
            : counts.Jammed > 0 ? LockerState.Jammed
            : counts.Free == 0 ? LockerState.Full
            : LockerState.Ok;
        return new(entry.Id, Name(entry.Name), entry.Gateway, [entry.At.X, entry.At.Y], entry.Level, state, counts, seen, Worth(seen, state == LockerState.Offline, counts.Unknown > 0));
    }

    public static IReadOnlyList<CompartmentInfo> Compartments(LockerEntry entry, IEnumerable<LockerPoint> points)
    {
        var known = points.ToDictionary(point => point.Compartment);
        return [.. Enumerable.Range(1, entry.Compartments).Select(number => known.TryGetValue(number, out var point)
            ? new CompartmentInfo(number, point.State, point.DoorOpen, point.Since)
            : new CompartmentInfo(number, CompartmentState.Unknown, null, null))];
    }

    public KioskInfo Kiosk(KioskEntry entry, KioskPoint? point)
    {
        var seen = point?.At * 1000;
        var offline = IsOver(seen, KioskOffline);
        var state = point is not { } heard ? KioskState.Unknown
            : offline ? KioskState.Offline
            : heard.Paper == PaperState.Out || heard.Reader == PartState.Fault || heard.Screen == PartState.Fault ? KioskState.Fault
            : heard.Paper == PaperState.Low ? KioskState.Attention
            : KioskState.Ok;
        return new(
            entry.Id, Name(entry.Name), entry.Gateway, [entry.At.X, entry.At.Y], entry.Level, state, point?.Paper, point?.Reader, point?.Screen, seen, Worth(seen, offline, false));
    }

    public CartInfo Cart(CartEntry entry, CartPose? point)
    {
        if (point is not { } pose)
            return new(entry.Id, Name(entry.Name), entry.Gateway, null, 0, null, null, null, CartState.Unknown, null, null, null, null, Trust.None);
        var broken = pose.Connection == CartConnection.ConnectionBroken;
        // Of a link that broke the broker told: that is no word of the cart's own.
        var seen = broken ? pose.Posed ?? pose.At * 1000 : pose.At * 1000;
        var state = State(pose, seen, broken);
        var lost = state is CartState.Offline or >= CartState.CommsLost;
        return new(
            entry.Id, Name(entry.Name), entry.Gateway, pose is { X: { } x, Y: { } y } ? [x, y] : null, pose.Level, pose.Posed, pose.Heading, lost ? null : pose.Speed, state,
            pose.Mode, pose.EmergencyStop, pose.Battery, seen, Worth(seen, lost, pose.X is null));
    }

    private CartState State(in CartPose pose, long seen, bool broken)
    {
        if (pose.Connection is CartConnection.Offline or CartConnection.Hibernating)
            return CartState.Offline;
        if (IsOver(seen, Missing))
            return CartState.Missing;
        if (IsOver(seen, NotLocated))
            return CartState.NotLocated;
        if (IsOver(seen, NonContactable))
            return CartState.NonContactable;
        if (broken || IsOver(seen, CartLost))
            return CartState.CommsLost;
        return pose switch
        {
            { EmergencyStop: not (null or EmergencyStop.None) } => CartState.Stopped,
            { Mode: CartMode.Intervened or CartMode.Manual or CartMode.Service or CartMode.TeachIn } => CartState.Attended,
            { Charging: true } => CartState.Charging,
            { Driving: true } => CartState.Driving,
            _ => CartState.Standing,
        };
    }

    private static CompartmentCounts Count(int all, LockerPoint[] points)
    {
        var (free, taken, forced, jammed, closed) = (0, 0, 0, 0, 0);
        foreach (var point in points)
            switch (point.State)
            {
                case CompartmentState.Free: free++; break;
                case CompartmentState.Forced: forced++; break;
                case CompartmentState.Jammed: jammed++; break;
                case CompartmentState.Cleaning or CompartmentState.OutOfService: closed++; break;
                case CompartmentState.Unknown: break;
                default: taken++; break;
            }
        return new(all, free, taken, forced, jammed, closed, all - free - taken - forced - jammed - closed);
    }

    private bool IsOver(long? seen, TimeSpan limit) => seen is { } at && now - at > limit.TotalMilliseconds;

    private Trust Worth(long? seen, bool old, bool incomplete) =>
        seen is null ? Trust.None : old || storeAway ? Trust.Stale : incomplete ? Trust.Partial : Trust.Complete;

    private static LocalizedName Name(LocalName name) => new(name.Zh, name.En);
}
